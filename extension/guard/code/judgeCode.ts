import { baseName, resolvePath } from "../../shell/path.ts";
import { quote, quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import { arrivals } from "../arrivals.ts";
import type { ProgramCall } from "../call.ts";
import { RISKY_NAME } from "../programs/risky.ts";
import type { CodeAct } from "./acts.ts";
import { languageOfFile } from "./languages.ts";
import { lookInto } from "./lookInto.ts";
import type { CodeAnswer } from "./lookup.ts";
import { PYTHON_PACKAGES, NODE_PACKAGES } from "./knownPackages.ts";
import type { CodePath } from "./paths.ts";
import { reachable } from "./reachable.ts";

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
      judgeImport(call, act);
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

/** Where a module of the project can lie, seen from the folder worked in. */
function placesOf(module: string, folder: string): readonly string[] {
  if (/^\.{0,2}\//.test(module)) {
    const endings = /\.\w+$/.test(module) ? [""] : [".js", ".ts", ".mjs", ".cjs", "/index.js", "/index.ts"];
    return endings.map((ending) => resolvePath(folder, module + ending));
  }
  const path = module.replaceAll(".", "/");
  const names = [`${path}.py`, `${path}/__init__.py`];
  return ["", "src/", "scripts/", "lib/"].flatMap((from) =>
    names.map((name) => resolvePath(folder, `${from}${name}`)),
  );
}

/** `import x` runs the project's own code, and what is used of it by its name. Of packages only the import is known. */
function judgeImport(
  call: ProgramCall,
  { module, uses, possibly }: CodeAct & { readonly does: "imports" },
): void {
  const answers = findModule(call, module);
  const found = answers.filter((each) => typeof each === "object");
  call.add("run.project");
  // Nobody's review saw what came over the network a moment ago.
  if (answers.includes("fetched")) call.add("unclear.code");
  if (found.length === 0) {
    // A folder of modules needs no file of its own: `from src import util`.
    const isFolder = (): boolean => uses.some((name) => findModule(call, `${module}.${name}`).length > 0);
    if (uses.length > 0 && possibly !== true && !isKnownPackage(module) && !isFolder())
      call.add("unclear.code");
    return;
  }
  for (const { path, text } of found) {
    const { hides, acts } = languageOfFile(path).glance(reachable(text, uses));
    // What it reads is what it is for.
    for (const act of acts) if (!/^(imports|shows|reads)$/.test(act.does)) judgeAct(call, act);
    if (hides) call.add("unclear.code", [], call.words, { destroys: true });
  }
  if (uses.some((name) => RISKY_NAME.test(name.replace(/([a-z])([A-Z])/g, "$1_$2"))))
    call.add("unclear.code");
}

/** What there is of a module in the project. */
function findModule(call: ProgramCall, module: string): readonly CodeAnswer[] {
  // By a relative path it is one file; by its name it can lie in the project, wherever the program runs.
  const searched = module.startsWith(".")
    ? call.folders.map((folder) => placesOf(module, folder))
    : [[...new Set([...call.folders, ...call.around.roots])].flatMap((folder) => placesOf(module, folder))];
  // Modules of the project change as its commits do, whatever runs beside.
  const answers = searched.map((places) => lookInto(call, places, true));
  return answers.filter((answer) => answer !== undefined && answer !== "missing");
}

/** `a/b` and `@a/b` are Node's; `a.b` is Python's, and a part of `a`. */
function isKnownPackage(module: string): boolean {
  return NODE_PACKAGES.test(module) || PYTHON_PACKAGES.has(module.split(".")[0] ?? "");
}
