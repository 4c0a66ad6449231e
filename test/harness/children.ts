import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";

import { GROUP_MARKER } from "../../extension/process/group.ts";

export interface Child {
  readonly pid: number;
  readonly parent: number;
  /** The command line: program and arguments. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Every process that runs, with its environment where it is ours. Linux alone shows them. */
export async function allProcesses(): Promise<readonly Child[]> {
  const names = await readdir("/proc").catch(() => []);
  return Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .map(look),
  );
}

/** Whether Interlock started it, or what Interlock started did. */
export function isInterlocks({ words, environment }: Child): boolean {
  return environment[GROUP_MARKER] !== undefined || basename(words[1] ?? "") === "supervisor.js";
}

/** What Interlock started from a host, and what that started in turn, as long as the host lives. */
export async function startedFrom(host: number): Promise<readonly Child[]> {
  const all = await allProcesses();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && (parent === host || isOurs(parent));
  };
  return all.filter((child) => isOurs(child.pid) && isInterlocks(child));
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

async function look(pid: number): Promise<Child> {
  const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
  const [stat, words, environment] = await Promise.all([read("stat"), read("cmdline"), read("environ")]);
  // The program's name stands in parentheses and may hold any character; state and parent follow it.
  const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    parent: Number(parent),
    words: words.split("\0").slice(0, -1),
    environment: variables(environment.split("\0")),
  };
}
