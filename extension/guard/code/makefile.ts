import type { ProgramCall } from "../call.ts";
import { resolvePath } from "../../shell/path.ts";
import { lookInto } from "./lookInto.ts";
import { judgeRecipe, type Recipes, type Target } from "./recipes.ts";

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
  if (typeof found !== "object") return false;
  return judgeRecipe(call, recipesOf(found.text, givenTo(call)), target, folder, risky);
}

function makeFolders(call: ProgramCall): readonly string[] {
  const moved = valueOf(call, /^(-C|--directory)$/);
  return call.folders.map((folder) => resolvePath(folder, moved ?? "."));
}

function valueOf(call: ProgramCall, option: RegExp): string | undefined {
  const at = call.args.findIndex(({ text }) => option.test(text));
  return at < 0 ? undefined : call.args[at + 1]?.text;
}

/** Variables of the line: null for one of which the value is not known. */
function givenTo({ args, command }: ProgramCall): ReadonlyMap<string, string | null> {
  const given = new Map<string, string | null>();
  for (const { name, value } of command.assignments) given.set(name, value.known ? value.text : null);
  for (const word of args) {
    const [, name, value = ""] = /^([A-Za-z_]\w*)[:+?]?=(.*)$/s.exec(word.text) ?? [];
    if (name !== undefined) given.set(name, word.known ? value : null);
  }
  return given;
}

/** The plain rules of a makefile: `target: what it depends on`, and lines behind a tab. */
function recipesOf(text: string, given: ReadonlyMap<string, string | null>): Recipes {
  const targets = new Map<string, Target>();
  const lines = text.replace(/\\\n/g, " ").split("\n");
  const values = valuesOf(lines, given);
  let current: readonly string[] = [];
  for (const line of lines) {
    const rule = /^([\w./ -]+?)\s*::?(?!=)\s*([^=#]*)(?:#.*)?$/.exec(line);
    if (line.startsWith("\t")) {
      for (const name of current) {
        const known = targets.get(name) ?? { after: [], lines: [] };
        targets.set(name, { ...known, lines: [...known.lines, recipeLine(line, values)] });
      }
    } else if (rule !== null) {
      const [, names = "", more = ""] = rule;
      current = names.trim().split(/\s+/);
      const [after = "", own] = more.split(";", 2);
      for (const name of current) {
        const { after: known, lines: before } = targets.get(name) ?? { after: [], lines: [] };
        const inline = own === undefined ? [] : [recipeLine(own, values)];
        const named = after.split(/\s+/).filter((each) => each !== "");
        targets.set(name, { after: [...known, ...named], lines: [...before, ...inline] });
      }
    } else if (line.trim() !== "" && !line.startsWith("#")) current = [];
  }
  return { targets, first: [...targets.keys()].find((name) => !name.startsWith(".")) };
}

/** Variables that are given once, as plain text, or by the line that runs make, which wins. */
function valuesOf(
  lines: readonly string[],
  given: ReadonlyMap<string, string | null>,
): ReadonlyMap<string, string | null> {
  const values = new Map<string, string | null>();
  for (const line of lines) {
    const [, name, value = ""] =
      /^\s*(?:export\s+|override\s+)?([A-Za-z_]\w*)\s*(?:[:?+]|::)?=\s*(.*?)\s*(?:#.*)?$/.exec(line) ?? [];
    if (name === undefined || line.startsWith("\t")) continue;
    values.set(name, values.has(name) || !/^[\w./ -]*$/.test(value) ? null : value);
  }
  return new Map([...values, ...given]);
}

/** A line as the shell gets it. What make puts in and isn't known becomes a variable that nobody has set. */
function recipeLine(line: string, values: ReadonlyMap<string, string | null>): string {
  const plain = line.replace(/^\t?[\s@+-]*/, "");
  return plain.replace(/\$(\$|\([^()]*\)|\{[^{}]*\}|.)/g, (_, what: string) => {
    if (what === "$") return "$";
    const value = values.get(what.replace(/^[({]|[)}]$/g, ""));
    return value === undefined || value === null ? '"$MADE"' : value;
  });
}
