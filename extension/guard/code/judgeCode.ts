import { resolvePath } from "../../shell/path.ts";
import { quoteAll } from "../../shell/quote.ts";
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
  for (const act of acts) judgeAct(call, act);
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
    case "moves": {
      const targets = arrivals([word(act.path)], word(act.to));
      for (const target of targets) call.writes(target, "overwrite");
      if (act.does === "copies") call.reads([word(act.path)]);
      else {
        call.writes(word(act.path), "create");
        call.moves([word(act.path)], targets);
      }
      break;
    }
    case "runs":
      call.effects.push(...call.nested(act.line, call.command.folders));
      break;
    case "shows":
      call.add("secret.read", [], act.variable ?? call.words);
      break;
    case "imports":
      judgeImport(call, act);
      break;
    case "executes":
      call.effects.push(...call.nested(quoteAll(act.argv), call.command.folders));
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
