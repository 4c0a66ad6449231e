import type { ProgramCall } from "../call.ts";
import { resolvePath } from "../../shell/path.ts";
import { lookInto } from "./lookInto.ts";
import { upwards } from "./packageScripts.ts";
import { judgeRecipe, type Recipes, type Target } from "./recipes.ts";

const RECIPE =
  /^@?([A-Za-z_][\w-]*)((?:\s+[+*$]?[A-Za-z_][\w-]*(?:=(?:'[^']*'|"[^"]*"|[\w.-]+))?)*)\s*:(?!=)(.*)$/;
const VALUE = /^(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(?:'([^']*)'|"([^"\\]*)")\s*(?:#.*)?$/;

/** `just RECIPE`: its lines, and those of what it depends on. False where they can't be seen. */
export function judgeJust(call: ProgramCall, recipe: string | null, risky: boolean): boolean {
  const at = call.args.findIndex(({ text }) => /^(-f|--justfile)$/.test(text));
  const [folder, ...others] = call.folders;
  if (folder === undefined || others.length > 0) return false;
  const named = at < 0 ? undefined : call.args[at + 1]?.text;
  const paths =
    named === undefined
      ? upwards(call).flatMap((each) =>
          ["justfile", "Justfile", ".justfile"].map((name) => `${each}/${name}`),
        )
      : [resolvePath(folder, named)];
  const found = lookInto(call, paths);
  if (typeof found !== "object") return false;
  const base = found.path.replace(/\/[^/]*$/, "") || "/";
  return judgeRecipe(call, recipesOf(found.text, givenTo(call)), recipe, base, risky);
}

/** `just name=value` and `just --set name value`. */
function givenTo({ args }: ProgramCall): ReadonlyMap<string, string | null> {
  const given = new Map<string, string | null>();
  for (const [index, word] of args.entries()) {
    const [, name, value = ""] = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(word.text) ?? [];
    if (name !== undefined) given.set(name, word.known ? value : null);
    const [set, to] = args.slice(index + 1, index + 3);
    if (word.text === "--set" && set !== undefined) given.set(set.text, to?.known === true ? to.text : null);
  }
  return given;
}

function recipesOf(text: string, given: ReadonlyMap<string, string | null>): Recipes {
  const targets = new Map<string, Target>();
  const values = new Map<string, string | null>();
  const lines = text.replace(/\\\n\s*/g, " ").split("\n");
  for (const line of lines) {
    const [, name, single, double] = VALUE.exec(line) ?? [];
    if (name !== undefined) values.set(name, values.has(name) ? null : (single ?? double ?? null));
  }
  for (const [name, value] of given) values.set(name, value);
  let current: string | undefined;
  let script = false;
  for (const line of lines) {
    const [, name, , after = ""] = RECIPE.exec(line) ?? [];
    if (/^\s+\S/.test(line) && current !== undefined) {
      const { after: known, lines: before } = targets.get(current) ?? { after: [], lines: [] };
      script ||= before.length === 0 && line.trim().startsWith("#!");
      const own = recipeLine(line, values);
      // A recipe with a first line of its own is one script.
      const all = script ? [[...before, own].join("\n")] : [...before, own];
      targets.set(current, { after: known, lines: all });
    } else if (name !== undefined) {
      current = name;
      script = false;
      const needed = [...after.replace(/#.*/, "").matchAll(/\(?\s*([A-Za-z_][\w-]*)(?:\s+[^()]*\))?/g)];
      targets.set(name, { after: needed.map(([, each = ""]) => each), lines: [] });
    } else if (line.trim() !== "" && !/^[#[]/.test(line)) current = undefined;
  }
  return { targets, first: targets.has("default") ? "default" : [...targets.keys()][0] };
}

function recipeLine(line: string, values: ReadonlyMap<string, string | null>): string {
  const plain = line.trim().replace(/^[@-]+/, "");
  return plain.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => values.get(name) ?? '"$MADE"');
}
