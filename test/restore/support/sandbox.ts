import { execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STATES, type State } from "./states.ts";

/** A command that hangs is a mistake in the table. */
const COMMAND_MS = 20_000;

/** What a command sees: the machine's programs, a home of its own, and nobody to ask. */
export function sandboxEnvironment(sandbox: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: join(sandbox, "home"),
    TMPDIR: join(sandbox, "tmp"),
    LANG: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    GIT_PAGER: "cat",
  };
}

/** In memory where the system has such a place: hundreds of copies are made. */
const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const root = realpathSync(mkdtempSync(join(place, "interlock-sandbox-")));
process.on("exit", () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

/** Copies keep times but not inodes: `checkStat` lets git see that nothing changed. */
const GIT_CONFIG = `[user]
\tname = Person
\temail = person@example.com
[core]
\tcheckStat = minimal
[protocol "file"]
\tallow = always
`;

const built = new Map<State["script"], string>();
let copies = 0;

/** A state as it was built, for looking only: whoever runs something in it takes a copy. */
export function pristine(name: string): { readonly sandbox: string; readonly state: State } {
  const state = STATES[name];
  if (state === undefined) throw new Error(`There is no state "${name}".`);
  const known = built.get(state.script);
  if (known !== undefined) return { sandbox: known, state };
  const sandbox = join(root, `state-${built.size}`);
  for (const folder of ["home", "tmp"]) mkdirSync(join(sandbox, folder), { recursive: true });
  writeFileSync(join(sandbox, "home", ".gitconfig"), GIT_CONFIG);
  execFileSync("bash", ["-e", "-u"], {
    cwd: sandbox,
    input: state.script,
    env: sandboxEnvironment(sandbox),
    stdio: ["pipe", "ignore", "inherit"],
  });
  built.set(state.script, sandbox);
  return { sandbox, state };
}

/** A copy of a state in which anything may be run. */
export function copyOf(name: string): { readonly sandbox: string; readonly cwd: string } {
  const { sandbox, state } = pristine(name);
  const copy = join(root, `copy-${copies++}`);
  execFileSync("cp", ["-a", sandbox, copy]);
  // A worktree and its repository know each other by absolute paths.
  for (const path of ["wt/.git", "repo/.git/worktrees/wt/gitdir"]) {
    const file = join(copy, path);
    if (existsSync(file)) writeFileSync(file, readFileSync(file, "utf8").replace(sandbox, copy));
  }
  return { sandbox: copy, cwd: join(copy, state.cwd) };
}

/** Runs a line of bash in a sandbox, whatever comes of it. */
export async function runLine(line: string, sandbox: string, cwd: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const child = execFile(
      "bash",
      ["-c", line],
      { cwd, env: sandboxEnvironment(sandbox), timeout: COMMAND_MS },
      () => resolve(),
    );
    child.stdin?.end();
  });
}

export function discard(sandbox: string): void {
  rmSync(sandbox, { recursive: true, force: true });
}
