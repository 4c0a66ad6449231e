import { baseName, isInside, resolvePath } from "../../shell/path.ts";
import type { ProgramCall } from "../call.ts";
import { RISKY_NAME } from "../programs/risky.ts";
import type { CodeAct } from "./acts.ts";
import { NODE_PACKAGES, PYTHON_PACKAGES } from "./knownPackages.ts";
import { languageOfFile } from "./languages.ts";
import { lookInto } from "./lookInto.ts";
import type { CodeAnswer, CodeText } from "./lookup.ts";
import { EVERYTHING } from "./ownModules.ts";
import { reachable } from "./reachable.ts";

type Import = CodeAct & { readonly does: "imports" };
/** How an act of a module counts for the call that runs it. */
type JudgeAct = (call: ProgramCall, act: CodeAct) => void;

/** Modules that import modules are followed this far: each step is one more look at the disk. */
const MAX_STEPS = 2;

/** Modules of the library of which the readers know what they give: another one in their place may give anything. */
const FOLLOWED = /^(tempfile|glob|pathlib|shutil|subprocess|textwrap)$/;

/** `import x` runs the project's own code, and what is used of it by its name. Of packages only the import is known. */
export function judgeImport(call: ProgramCall, act: Import, judge: JudgeAct): void {
  const { module, uses, possibly, library } = act;
  if (library === true) {
    judgeStandIn(call, module, judge);
    return;
  }
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
  judgeModules(call, found, usedOf(act, [EVERYTHING]), judge);
  if (uses.some((name) => RISKY_NAME.test(name.replace(/([a-z])([A-Z])/g, "$1_$2"))))
    call.add("unclear.code");
}

/** A module of the project where the program means the library's: it runs in the place of that. */
function judgeStandIn(call: ProgramCall, module: string, judge: JudgeAct): void {
  const places = [...call.folders, ...pythonPath(call)].flatMap((folder) => filesOf(folder, module));
  const found = lookInto(call, places, true);
  if (found === undefined || found === "missing") return;
  if (typeof found === "object") judgeModules(call, [found], [EVERYTHING], judge);
  if (typeof found === "string" || FOLLOWED.test(module)) call.add("unclear.code");
}

/** Modules that Python runs before any program, where they are found on its path. */
export function judgeStart(call: ProgramCall): void {
  for (const folder of pythonPath(call))
    for (const module of ["sitecustomize", "usercustomize"]) {
      const found = lookInto(call, filesOf(folder, module), true);
      if (found !== undefined && found !== "missing")
        call.add("unclear.environment", [], `PYTHONPATH=${folder}`);
    }
}

/** What modules do where these of their names are used, and those that they have them from. */
function judgeModules(
  call: ProgramCall,
  modules: readonly CodeText[],
  uses: readonly string[],
  judge: JudgeAct,
  seen = new Set<string>(),
  steps = 0,
): void {
  for (const { path, text } of modules) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { hides, acts } = languageOfFile(path).glance(reachable(text, uses), uses);
    // What it reads is what it is for.
    for (const act of acts) if (!/^(imports|shows|reads)$/.test(act.does)) judge(call, act);
    if (hides) call.add("unclear.code", [], call.words, { destroys: true });
    if (steps === MAX_STEPS) continue;
    for (const act of acts) {
      if (act.does !== "imports") continue;
      const found = findModule(call, act.module, resolvePath(path, ".."));
      const texts = found.filter((each) => typeof each === "object");
      // What it hands on is followed; what its own functions use of others is what those are for.
      const names = usedOf(act, uses).filter((name) => uses.includes(name));
      judgeModules(call, texts, names, judge, seen, steps + 1);
      if (found.includes("fetched")) call.add("unclear.code");
    }
  }
}

function usedOf({ uses, hands }: Import, handed: readonly string[]): readonly string[] {
  return hands === true ? [...uses, ...handed] : uses;
}

/** Where a module of the project can lie, seen from a folder. */
function placesOf(module: string, folder: string): readonly string[] {
  if (/^\.{0,2}\//.test(module)) {
    const endings = /\.\w+$/.test(module) ? [""] : [".js", ".ts", ".mjs", ".cjs", "/index.js", "/index.ts"];
    return endings.map((ending) => resolvePath(folder, module + ending));
  }
  // `.name` lies beside the module that says so, `..name` a folder above.
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  if (dots > 0) return filesOf(resolvePath(folder, "../".repeat(dots - 1) || "."), module.slice(dots));
  return ["", "src", "scripts", "lib"].flatMap((from) => filesOf(resolvePath(folder, from || "."), module));
}

/** A module of Python in a folder. */
function filesOf(folder: string, module: string): readonly string[] {
  const path = resolvePath(folder, module === "" ? "." : module.replaceAll(".", "/"));
  return module === "" ? [`${path}/__init__.py`] : [`${path}.py`, `${path}/__init__.py`];
}

/** What there is of a module in the project; `from`: the folder of the module that imports it, where no program does. */
function findModule(call: ProgramCall, module: string, from?: string): readonly CodeAnswer[] {
  const folders = from === undefined ? call.folders : [from];
  // By a relative path it is one file; by its name it can lie in the project, wherever the program runs.
  const named = new Set([...folders, ...call.folders, ...pythonPath(call), ...call.around.roots]);
  const searched = module.startsWith(".")
    ? folders.map((folder) => placesOf(module, folder))
    : [[...named].flatMap((folder) => placesOf(module, folder))];
  // Modules of the project change as its commits do, whatever runs beside.
  const answers = [...searched.map((places) => lookInto(call, places, true)), planted(call, module)];
  return answers.filter((answer) => answer !== undefined && answer !== "missing");
}

/** A package that the line itself puts where Node looks for those that were installed. */
function planted(call: ProgramCall, module: string): CodeAnswer | undefined {
  if (module.startsWith(".")) return undefined;
  const paths = [...new Set([...call.folders, ...call.around.roots])].flatMap((folder) =>
    ["/index.js", "/index.mjs", ".js", "/package.json"].map(
      (end) => `${folder}/node_modules/${module}${end}`,
    ),
  );
  const found = call.around.look?.({ paths, settled: true, written: true });
  // Which file is meant by it is said there.
  return typeof found === "object" && baseName(found.path) === "package.json" ? "fetched" : found;
}

/** The folders that Python is told to look into for modules, as far as they lie in the project. */
function pythonPath(call: ProgramCall): readonly string[] {
  const { text = "", known = false } = call.variable("PYTHONPATH") ?? {};
  const folders = known ? text.split(":").filter((part) => part !== "") : [];
  return folders
    .flatMap((part) => call.folders.map((folder) => resolvePath(folder, part)))
    .filter((folder) => call.around.roots.some((root) => isInside(root, folder)));
}

/** `a/b` and `@a/b` are Node's; `a.b` is Python's, and a part of `a`. */
function isKnownPackage(module: string): boolean {
  return NODE_PACKAGES.test(module) || PYTHON_PACKAGES.has(module.split(".")[0] ?? "");
}
