import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";

import { GROUP_MARKER } from "../../../../extension/process/group.ts";

export interface Child {
  readonly pid: number;
  /** The command line: program and arguments. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What Interlock started from this extension host and what that started in turn. Linux alone shows them. */
export async function ownChildren(): Promise<readonly Child[]> {
  const names = await readdir("/proc").catch(() => []);
  const all = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .map(look),
  );
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && (parent === process.pid || isOurs(parent));
  };
  return all.filter(({ pid, environment, words }) => {
    const marked = environment[GROUP_MARKER] !== undefined;
    return isOurs(pid) && (marked || basename(words[1] ?? "") === "supervisor.js");
  });
}

async function environmentOf(pid: number): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return variables(text.split("\0"));
}

/** Of lines such as `NAME=value`. */
export function variables(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ""]];
    }),
  );
}

async function look(pid: number): Promise<Child & { readonly parent: number }> {
  const [stat, words] = await Promise.all(
    ["stat", "cmdline"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "")),
  );
  // The program's name stands in parentheses and may hold any character; state and parent follow it.
  const [, parent] = (stat ?? "").slice((stat ?? "").lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    parent: Number(parent),
    words: (words ?? "").split("\0").slice(0, -1),
    environment: await environmentOf(pid),
  };
}
