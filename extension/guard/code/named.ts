import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
import type { ProgramCall } from "../call.ts";
import { judgeLines, lookInto } from "./files.ts";

/** The folders from one up to the project's root. */
function upwards(call: ProgramCall): readonly string[] {
  const [folder, ...others] = call.folders;
  const root = call.around.roots.find((each) => folder === each || folder?.startsWith(`${each}/`));
  if (folder === undefined || others.length > 0 || root === undefined) return [];
  const folders: string[] = [];
  for (let at = folder; at.length >= root.length; at = resolvePath(at, "..")) folders.push(at);
  return folders;
}

/** Scripts that a script calls by name are followed this far by `nested` alone. */
const HOOKS = ["pre", "", "post"] as const;

/** `npm run NAME`: the lines that package.json has for it. False where they can't be seen. */
export function judgePackageScript(call: ProgramCall, name: ShellWord | undefined, risky: boolean): boolean {
  if (name === undefined || !name.known) return false;
  const found = lookInto(
    call,
    upwards(call).map((folder) => `${folder}/package.json`),
  );
  if (found === undefined || typeof found === "string") return false;
  const scripts = scriptsOf(found.text);
  if (scripts?.[name.text] === undefined) return scripts !== null;
  const lines = HOOKS.flatMap((hook) => scripts[`${hook}${name.text}`] ?? []);
  judgeLines(call, lines, found.path.replace(/\/[^/]*$/, "") || "/", risky);
  return true;
}

function scriptsOf(text: string): Readonly<Record<string, string>> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return null;
    const scripts: unknown = "scripts" in parsed ? parsed.scripts : {};
    if (typeof scripts !== "object" || scripts === null) return null;
    return Object.fromEntries(Object.entries(scripts).filter(([, line]) => typeof line === "string"));
  } catch {
    return null;
  }
}

/** `make TARGET`: the lines of its recipe and of what it depends on. False where they can't be seen. */
export function judgeTarget(call: ProgramCall, target: string | null, risky: boolean): boolean {
  const folders = makeFolders(call);
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) return false;
  const file = valueOf(call, /^(-f|--file|--makefile)$/);
  const names = file === undefined ? ["GNUmakefile", "makefile", "Makefile"] : [file];
  const found = lookInto(
    call,
    names.map((name) => resolvePath(folder, name)),
  );
  if (found === undefined || typeof found === "string") return false;
  const rules = rulesOf(found.text);
  const first = target ?? [...rules.keys()].find((name) => !name.startsWith(".")) ?? "";
  if (!rules.has(first)) return false;
  judgeLines(call, recipeOf(rules, first, new Set()), folder, risky);
  return true;
}

function makeFolders(call: ProgramCall): readonly string[] {
  const moved = valueOf(call, /^(-C|--directory)$/);
  return call.folders.map((folder) => resolvePath(folder, moved ?? "."));
}

function valueOf(call: ProgramCall, option: RegExp): string | undefined {
  const at = call.args.findIndex(({ text }) => option.test(text));
  return at < 0 ? undefined : call.args[at + 1]?.text;
}

interface Target {
  readonly after: readonly string[];
  readonly lines: readonly string[];
}

/** The plain rules of a makefile: `target: what it depends on`, and lines behind a tab. */
function rulesOf(text: string): ReadonlyMap<string, Target> {
  const rules = new Map<string, Target>();
  let current: readonly string[] = [];
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    const rule = /^([\w./ -]+?)\s*::?(?!=)\s*([^=#]*)(?:#.*)?$/.exec(line);
    if (line.startsWith("\t")) {
      for (const name of current) {
        const known = rules.get(name) ?? { after: [], lines: [] };
        rules.set(name, { ...known, lines: [...known.lines, recipeLine(line)] });
      }
    } else if (rule !== null) {
      const [, names = "", more = ""] = rule;
      current = names.trim().split(/\s+/);
      const [after = "", own] = more.split(";", 2);
      for (const name of current) {
        const known = rules.get(name)?.after ?? [];
        const lines = [...(rules.get(name)?.lines ?? []), ...(own === undefined ? [] : [own])];
        rules.set(name, { after: [...known, ...after.split(/\s+/).filter((each) => each !== "")], lines });
      }
    } else if (line.trim() !== "" && !line.startsWith("#")) current = [];
  }
  return rules;
}

/** A line as the shell gets it. What make puts in is not known: it becomes a variable that nobody has set. */
function recipeLine(line: string): string {
  const plain = line.replace(/^\t[\s@+-]*/, "");
  return plain.replace(/\$(\$|\([^()]*\)|\{[^{}]*\}|.)/g, (_, what: string) =>
    what === "$" ? "$" : '"$MADE"',
  );
}

function recipeOf(rules: ReadonlyMap<string, Target>, name: string, seen: Set<string>): readonly string[] {
  const rule = rules.get(name);
  if (rule === undefined || seen.has(name)) return [];
  seen.add(name);
  return [...rule.after.flatMap((each) => recipeOf(rules, each, seen)), ...rule.lines];
}
