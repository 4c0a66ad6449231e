import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { SPOOL } from "../../../extension/doorways/channel/channel.ts";
import { readExported, variablesOf } from "../../../extension/doorways/shim/exported.ts";
import { fastScript } from "../../../extension/doorways/shim/fastScript.ts";
import { KnownSurroundings } from "../../../extension/doorways/shim/surroundings.ts";
import { type Table, tablesOf } from "../../../extension/doorways/shim/table.ts";
import { beforehand } from "../../../extension/door/beforehand.ts";
import type { Considering } from "../../../extension/door/considered.ts";
import type { Git } from "../../../extension/git/run.ts";

type Variables = Readonly<Record<string, string>>;

/** What an agent gave its shells. The `_` is there in what a shell of the bash kind has started. */
export const GIVEN: Variables = { PATH: "/nowhere/bin:/usr/bin:/bin", HOME: "/home/me", LANG: "C.UTF-8" };
const STARTED: Variables = { ...GIVEN, _: "/bin/bash", SHLVL: "2", COLUMNS: "80", AGENT_ID: "7" };

/** A door without a policy, in a project that exists nowhere. */
export const using: Considering = {
  git: undefined as unknown as Git,
  route: () => null,
  mode: "careful",
  around: { roots: ["/home/me/project"], home: "/home/me", temporary: ["/tmp"], own: ["/home/me/.state"] },
  signal: new AbortController().signal,
  shell: "/bin/bash",
};

export function tables(considering: Considering = using): ReadonlyMap<string, Table> {
  return tablesOf(["git", "find"], (argv) => beforehand(argv, considering));
}

/** What the system's shell prints of its variables. */
export function exportedBy(variables: Variables): string {
  return execFileSync("/bin/sh", ["-c", "export -p"], { env: variables, encoding: "utf8", cwd: "/" });
}

export interface FastScripts {
  readonly environment?: Variables;
  readonly files?: readonly string[];
  readonly absent?: readonly string[];
  readonly of?: ReadonlyMap<string, Table>;
}

/** The words of the fast path as a shim has them, with a \`run\` that only says so. */
export class FastShims {
  readonly folder: string;

  constructor(folder: string, { files = [], absent = [], of = tables() }: FastScripts = {}) {
    this.folder = folder;
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, SPOOL), "");
    const known = new KnownSurroundings({ shims: "/nowhere", project: "/home/me/project" });
    const { all } = readExported(exportedBy(STARTED));
    known.learn(all, variablesOf(all), GIVEN);
    const unchanged = {
      version: 1,
      files,
      absent,
      ignored: known.ignored(),
      environments: known.environments(),
    };
    const facts = { channel: folder, token: "token", dd: "/bin/dd" };
    for (const [program, table] of of)
      writeFileSync(join(folder, "bin", program), fastScript(facts, program, table, unchanged));
  }

  /** For each argument list, the program first, whether it passes. All are tried by one shell. */
  pass(lists: readonly (readonly (string | Buffer)[])[], environment: Variables = STARTED): boolean[] {
    const program = `#!/bin/sh
interlock_dir=${this.folder}
run() { echo passed; exit; }
refused() ( . "$interlock_dir/bin/$interlock_name"; echo asked )
`;
    const lines = lists.map(([name = "", ...args]) =>
      Buffer.concat([
        Buffer.from(`interlock_name=${String(name)}; refused`),
        ...args.map((arg) => Buffer.concat([Buffer.from(" '"), quoted(arg), Buffer.from("'")])),
        Buffer.from("\n"),
      ]),
    );
    const file = join(this.folder, "cases.sh");
    writeFileSync(file, Buffer.concat([Buffer.from(program), ...lines]));
    const said = execFileSync("/bin/sh", [file], {
      cwd: this.folder,
      env: environment,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return said
      .trim()
      .split("\n")
      .map((line) => line === "passed");
  }
}

function quoted(arg: string | Buffer): Buffer {
  const text = Buffer.from(arg).toString("latin1").replaceAll("'", "'\\''");
  return Buffer.from(text, "latin1");
}

export { STARTED };
