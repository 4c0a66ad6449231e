import { baseName } from "../../shell/path.ts";
import { quote, quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import { arrivals } from "../arrivals.ts";
import type { ProgramCall } from "../call.ts";
import type { CodeAct } from "./acts.ts";
import { judgeImport } from "./imports.ts";
import type { CodePath } from "./paths.ts";

/** Adds what a program's text does to the call that runs it. */
export function judgeCode(call: ProgramCall, acts: readonly CodeAct[] | null): void {
  if (acts === null) {
    call.add("unclear.code");
    return;
  }
  call.add("read");
  const lines: string[] = [];
  // What one act takes, a later one may lose: as lines of a shell they are seen together.
  const isFollowed = acts.some(({ does }) => does === "moves");
  for (const act of acts) {
    const line = lineOf(act, isFollowed);
    if (line === null) judgeAct(call, act);
    else lines.push(`( ${line}\n)`);
  }
  if (runsOwnWriting(acts)) call.add("unclear.code");
  if (lines.length > 0) call.effects.push(...call.nested(lines.join("\n"), call.command.folders));
}

/** Programs that run the file named behind them. */
const RUNS_A_FILE = /^((ba|da|z|k)?sh|python[\d.]*|node|bun|ruby|perl|source|\.)$/;

/** A program that writes a file and has it run: nobody looks at what isn't there yet. */
function runsOwnWriting(acts: readonly CodeAct[]): boolean {
  const written = new Set(acts.flatMap((act) => (act.does === "writes" ? [baseName(act.path.text)] : [])));
  return acts.some((act) => {
    if (act.does === "imports") {
      const name = /^\.{0,2}\//.test(act.module) ? baseName(act.module) : act.module.replace(/^.*\./, "");
      return [name, `${name}.py`, `${name}.js`].some((file) => written.has(file));
    }
    if (act.does !== "runs" && act.does !== "executes") return false;
    const line = act.does === "runs" ? act.line : act.argv.join(" ");
    const words = line.split(/\s+/).map((text) => text.replaceAll(/['"]/g, ""));
    return words.some(
      (text, at) =>
        written.has(baseName(text)) && (at === 0 || RUNS_A_FILE.test(baseName(words[at - 1] ?? ""))),
    );
  });
}

/** What a shell would be told to do the same; null where there is no such line, or none is needed. */
function lineOf(act: CodeAct, isFollowed: boolean): string | null {
  if (act.does === "runs") return act.line;
  if (act.does === "executes") return quoteAll(act.argv);
  if (!isFollowed) return null;
  if (act.does === "moves") return quoteAll(["mv", "--", act.path.text, act.to.text]);
  if (act.does === "deletes" && act.path.rest === undefined)
    return quoteAll(["rm", "-rf", "--", act.path.text]);
  const empties = act.does === "writes" && act.mode === "overwrite" && act.path.rest === undefined;
  return empties ? `: > ${quote(act.path.text)}` : null;
}

function judgeAct(call: ProgramCall, act: CodeAct): void {
  switch (act.does) {
    case "reads":
      call.reads([word(act.path)]);
      break;
    case "writes":
      call.writes(word(act.path), act.mode);
      break;
    case "deletes":
      call.deletes([word(act.path)], act.recursive);
      break;
    case "copies":
      for (const target of arrivals([word(act.path)], word(act.to))) call.writes(target, "overwrite");
      call.reads([word(act.path)]);
      break;
    case "shows":
      call.add("secret.read", [], act.variable ?? call.words);
      break;
    case "imports":
      judgeImport(call, act, judgeAct);
      break;
    case "moves":
    case "runs":
    case "executes":
      // Lines of a shell.
      break;
  }
}

function word({ text, rest }: CodePath): ShellWord {
  const at = { start: 0, end: 0 };
  if (rest === "prefix") return { text: "", known: false, glob: false, prefix: text, ...at };
  return { text, known: true, glob: rest === "pattern", ...at };
}
