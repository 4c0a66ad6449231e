import type { BytePath } from "./bytePath.ts";

/** A ref's value: an object's name, or for a symbolic one `ref: NAME`. */
export type Refs = ReadonlyMap<string, string>;

const OID = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The refs of a repository by its own files; what is loose is newer than what is packed. `read` gives a file's text. */
export async function refsOf(
  files: readonly BytePath[],
  read: (path: BytePath) => Promise<string | null>,
): Promise<Refs> {
  const refs = new Map<string, string>();
  for (const line of ((await read("packed-refs")) ?? "").split("\n")) {
    const [oid = "", name] = line.split(" ");
    if (name !== undefined && OID.test(oid)) refs.set(name.trim(), oid);
  }
  const loose = files.filter((path) => path.startsWith("refs/"));
  const values = await Promise.all(loose.map((path) => read(path)));
  for (const [index, path] of loose.entries()) {
    const value = values[index]?.trim() ?? "";
    if (OID.test(value) || value.startsWith("ref: ")) refs.set(path, value);
  }
  return refs;
}

/** The branch that `HEAD` names, as `refs/heads/...`; null where it names a commit itself. */
export function branchOf(head: string): string | null {
  return /^ref: (.+)$/m.exec(head)?.[1]?.trim() ?? null;
}

/** The object that each line of a reflog ends with. */
export function loggedObjects(log: string): readonly string[] {
  return lines(log).flatMap((line) => {
    const oid = line.split(" ")[1] ?? "";
    return OID.test(oid) && !/^0+$/.test(oid) ? [oid] : [];
  });
}

/** A reflog with the lines that it lost, and those that came since at its end. Null where none is lost. */
export function mergeLogs(point: string, now: string): string | null {
  const there = new Set(lines(now).map(loggedAct));
  const before = lines(point);
  if (before.every((line) => there.has(loggedAct(line)))) return null;
  const known = new Set(before.map(loggedAct));
  const since = lines(now).filter((line) => !known.has(loggedAct(line)));
  return [...before, ...since].map((line) => `${line}\n`).join("");
}

/** A line without the object that it begins with: dropping a stash entry, git writes another one there in the line after it. */
function loggedAct(line: string): string {
  return line.slice(line.indexOf(" ") + 1);
}

export function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
