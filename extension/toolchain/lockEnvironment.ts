import type { ShellScript } from "../shell/command.ts";
import { baseName } from "../shell/path.ts";
import { isLiteral } from "./row.ts";
import { uvWords } from "./uvWords.ts";

/** By the flag that a route gave to uv: what makes uv take the lock the same way in scripts that the command starts. */
const INHERITED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "--locked": { UV_LOCKED: "1" },
  "--no-sync": { UV_NO_SYNC: "1", UV_FROZEN: "1" },
  "--frozen": { UV_NO_SYNC: "1", UV_FROZEN: "1" },
};
/** Variables that a route may have set further up. */
const VARIABLES: ReadonlySet<string> = new Set(Object.values(INHERITED).flatMap((each) => Object.keys(each)));

/** True for a variable that says how a lock is taken, as a route sets it. */
export function isLockVariable(name: string, value: string): boolean {
  return VARIABLES.has(name) && value === "1";
}

/** What makes the owner write the lock, which a change of dependencies that a person allowed is for. */
export const UNLOCKED: Readonly<Record<string, null>> = { UV_LOCKED: null };

/** The variables for a routed line; none where its parts don't agree. */
export function lockEnvironment({ commands, runners = [] }: ShellScript): Readonly<Record<string, string>> {
  const found = [...commands, ...runners].flatMap(({ words: [head, ...args] }) => {
    const words = isLiteral(head) && baseName(head.text) === "uv" ? uvWords(args) : null;
    return words === null ? [] : [Object.keys(INHERITED).find((flag) => words.flags.includes(flag))];
  });
  const [flag, ...others] = new Set(found);
  return flag === undefined || others.length > 0 ? {} : (INHERITED[flag] ?? {});
}
