import { join } from "node:path";
import type { Effect } from "../guard/effect.ts";
import type { Loss } from "../guard/loss.ts";
import type { Making } from "../restore/made.ts";

/** Programs whose files hold nothing that isn't somewhere else as well, or that they were given for this. */
const MAKES = new Set(["touch", "mkdir", "tee", "cp", "curl", "wget"]);

/** Files and folders that an act writes or removes by name, and what is seen to be lost by it: absolute paths. */
export function touches(effects: readonly Effect[], loss: Loss | null): readonly string[] {
  const named = effects.flatMap(({ kind, paths = [] }) =>
    kind === "read" || kind === "secret" ? [] : paths,
  );
  const lost = loss === null ? [] : loss.files.map(({ path }) => join(loss.root, path));
  return [...new Set([...named.filter((path) => !hasPattern(path)), ...lost])];
}

function hasPattern(path: string): boolean {
  return /[*?[\\]/.test(path);
}

/**
 * The files that an act writes by name, and whether all that it does is to make them. What moves content, or does
 * something that isn't seen here, can put a person's own into a new file.
 */
export function makes(effects: readonly Effect[]): Making {
  const paths = new Set<string>();
  let only = true;
  for (const { rule, paths: written = [], by, moved } of effects) {
    const writes = rule === "fs.write" || rule === "fs.overwrite";
    // A redirection belongs to no program.
    const program = by?.[0]?.[0];
    if (writes) only &&= moved === undefined && (program === undefined || MAKES.has(program ?? ""));
    else only &&= rule === "read" || rule === "fs.write.temporary";
    if (writes) for (const path of written) paths.add(path);
  }
  return { paths: [...paths].filter((path) => !hasPattern(path)), only };
}
