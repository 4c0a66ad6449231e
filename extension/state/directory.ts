import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";

/** Only the person may read what Interlock keeps: prompts and outputs hold secrets. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * The one folder that all hosts of a user share: `INTERLOCK_STATE_DIR`, or the system's own place for state
 * (XDG base directory specification; Apple's and Microsoft's conventions).
 */
export function stateDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const chosen = env["INTERLOCK_STATE_DIR"];
  if (chosen) return chosen;
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "Interlock");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "Interlock");
  const state = env["XDG_STATE_HOME"];
  return join(state?.startsWith("/") ? state : join(home, ".local", "state"), "interlock");
}

/**
 * Where the user's own configuration lies, for editor and command line alike: `INTERLOCK_CONFIG_DIR`, or the system's
 * own place (XDG base directory specification; Apple's and Microsoft's conventions).
 */
export function configDirectory(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = env["INTERLOCK_CONFIG_DIR"];
  if (chosen) return chosen;
  const config = env["XDG_CONFIG_HOME"];
  if (config?.startsWith("/")) return join(config, "interlock");
  const home = env["HOME"] ?? env["USERPROFILE"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "Interlock");
  if (platform === "win32") return join(env["APPDATA"] ?? join(home, "AppData", "Roaming"), "Interlock");
  return join(home, ".config", "interlock");
}

/**
 * Where sockets and pipes of a running host lie: the system's own place for a user's session, which is short and goes with
 * it (XDG base directory specification), or a folder of the user's among temporary files.
 */
export function runtimeDirectory(env: NodeJS.ProcessEnv): string {
  const runtime = env["XDG_RUNTIME_DIR"];
  if (runtime?.startsWith("/")) return join(runtime, "interlock");
  return join(tmpdir(), `interlock-${process.getuid?.() ?? 0}`);
}

/** Makes a folder, and its parents, that only the person may enter. */
export async function privateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
}

export interface AtomicWriteOptions {
  /** Permission bits of the file; those of the file that is replaced are kept by the caller's choice. */
  readonly mode: number;
  /** Wait until the content is on the disk before it replaces the old one. */
  readonly sync?: boolean;
}

/** Replaces a file in one step: whoever reads sees the old content or the new one, also after a crash. */
export async function writeAtomically(
  path: string,
  content: string | Buffer,
  options: AtomicWriteOptions,
): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", options.mode);
    try {
      await file.writeFile(content);
      if (options.sync) await file.datasync();
    } finally {
      await file.close();
    }
    // The process's umask may have taken bits away from `mode`.
    await chmod(temporary, options.mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
