import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PRIVATE_FOLDER, privateFolder } from "../state/directory.ts";
import { isRunning } from "../state/lock.ts";
import { type Places, REPOSITORY, witnesses } from "./acts.ts";

/** How the names of such folders begin; the host's process id follows. */
const PREFIX = "run-";

/** The folders of one run. All of them go with `top`. */
export interface ThrowAway extends Places {
  readonly top: string;
  readonly home: string;
  /** The environment of everything in it: nothing of the person's own folders is in reach by it. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Makes them below `parent`, which must not lie among temporary files: there Codex runs no command, and Interlock lets writes pass. What
 * runs left that could not tidy up goes first.
 */
export async function makeThrowAway(parent: string, host: NodeJS.ProcessEnv): Promise<ThrowAway> {
  await privateFolder(parent);
  await sweep(parent);
  const top = await realpath(await mkdtemp(join(parent, `${PREFIX}${process.pid}-`)));
  const [project, outside, home] = [join(top, "project"), join(top, "outside"), join(top, "home")];
  for (const folder of [project, outside, home]) await mkdir(folder, { mode: PRIVATE_FOLDER });
  for (const [name, text] of Object.entries(REPOSITORY.committed)) await writeFile(join(project, name), text);
  const environment = { ...isolated(host, top, home), ...witnesses({ project, outside }) };
  return { top, project, outside, home, environment };
}

/** What is left of the host's environment: where programs are, and how a person's system speaks. No key, no keyring, no agent of ssh. */
const PASSES = new Set([
  "PATH",
  "SHELL",
  "USER",
  "LOGNAME",
  "HOSTNAME",
  "LANG",
  "LANGUAGE",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "TERM",
  "TMPDIR",
  "TMP",
  "TEMP",
  "XDG_RUNTIME_DIR",
  // Programs of version managers look for what they start by these.
  "NVM_DIR",
  "NVM_BIN",
  "FNM_DIR",
  "VOLTA_HOME",
  "ASDF_DIR",
  "ASDF_DATA_DIR",
  "MISE_DATA_DIR",
  "N_PREFIX",
  "PYENV_ROOT",
  "LD_LIBRARY_PATH",
  "NIX_PROFILES",
  // Windows.
  "SYSTEMROOT",
  "SYSTEMDRIVE",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERNAME",
  "PROGRAMFILES",
  "PROGRAMDATA",
]);

/** Nothing listens there: who asks for the network learns at once that there is none. The scripted model is asked directly. */
const NO_NETWORK = "http://127.0.0.1:9";
const LOOPBACK = "127.0.0.1,localhost,::1";

function isolated(host: NodeJS.ProcessEnv, top: string, home: string): NodeJS.ProcessEnv {
  const passed = Object.entries(host).filter(([name]) => PASSES.has(name.toUpperCase()));
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  return {
    ...Object.fromEntries(passed),
    ...Object.fromEntries(proxies.map((name) => [name, NO_NETWORK])),
    NO_PROXY: LOOPBACK,
    no_proxy: LOOPBACK,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    APPDATA: join(home, "AppData", "Roaming"),
    LOCALAPPDATA: join(home, "AppData", "Local"),
    INTERLOCK_STATE_DIR: join(top, "interlock", "state"),
    INTERLOCK_CONFIG_DIR: join(top, "interlock", "config"),
  };
}

/** Whatever still writes there is given a moment. */
export async function removeThrowAway({ top }: Pick<ThrowAway, "top">): Promise<void> {
  await rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const host = name.startsWith(PREFIX) ? /^(\d+)-/.exec(name.slice(PREFIX.length))?.[1] : undefined;
    if (host !== undefined && !isRunning(Number(host))) await removeThrowAway({ top: join(parent, name) });
  }
}
