import { createHash } from "node:crypto";
import {
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
} from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../../errors.ts";
import { onDisk, type BytePath } from "./bytePath.ts";
import { type Change, type Content, GONE, isSameContent, type KeptWhy, modeFor } from "./change.ts";
import { isSameListing } from "./gitIndex.ts";
import { hashOf } from "./pack.ts";
import type { Hash } from "./point.ts";

/** Git's own lock is waited for, and then the file stays as it is. */
const LOCK_TRIES = 40;
const LOCK_MS = 50;

/** A change that didn't happen, and why. */
export type Applied = { readonly done: true } | { readonly done: false; readonly why: KeptWhy };

const DONE: Applied = { done: true };

/**
 * Makes one change, in one step: whoever looks sees the old file or the new one. What is done already is left as it
 * is, so that it can be done again after a kill. `name` is that of the file it is written to first: the same each time.
 */
export async function applyChange(
  change: Change,
  name: string,
  read: (blob: Hash) => Promise<Buffer | null>,
): Promise<Applied> {
  const { folder, path, from, to } = change;
  const target = onDisk(folder, path);
  const temporary = beside(folder, path, name);
  await clearUp(target, temporary);
  const place = await lookAt(folder, path);
  if (place === "blocked") return { done: false, why: "blocked" };
  if (isSameContent(place, to)) return DONE;
  if (!isSameContent(place, from) && !(await isSameIndex(change, read)))
    return { done: false, why: "meanwhile" };
  if (to.kind === "gone") return remove(change, target);
  const data = to.blob === null ? null : await read(to.blob);
  if (data === null) return { done: false, why: "not-covered" };
  if (!(await makeParents(folder, path))) return { done: false, why: "blocked" };
  await prepare(temporary, to, modeFor(to, place), data);
  return change.area === "git" ? replaceLocked(temporary, target) : replace(temporary, target);
}

/** Git writes its index anew whenever it looks at the files' times: what it says of them counts, not its bytes. */
async function isSameIndex(
  { folder, path, area, from }: Change,
  read: (blob: Hash) => Promise<Buffer | null>,
) {
  if (area !== "git" || path !== "index" || from.blob === null) return false;
  const [expected, found] = await Promise.all([
    read(from.blob),
    readFile(onDisk(folder, path)).catch(() => null),
  ]);
  return expected !== null && found !== null && isSameListing(expected, found);
}

/** Takes away what an interrupted change left beside its file. */
export async function clearUp(target: string | Buffer, temporary: string | Buffer): Promise<void> {
  const left = await lstat(temporary).catch(() => null);
  if (left === null) return;
  const lock = withSuffix(target, ".lock");
  const held = await lstat(lock).catch(() => null);
  // The same file under both names: the lock was ours.
  if (held !== null && held.ino === left.ino && held.dev === left.dev) await rm(lock, { force: true });
  await rm(temporary, { force: true });
}

export function beside(folder: string, path: BytePath, name: string): string | Buffer {
  const slash = path.lastIndexOf("/") + 1;
  return onDisk(folder, `${path.slice(0, slash)}.${name}`);
}

/** What lies under a path now. Nothing is followed: a folder in its place, or a link on its way, is in the way. */
export async function lookAt(folder: string, path: BytePath): Promise<Content | "blocked"> {
  const parts = path.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const info = await lstat(onDisk(folder, parts.slice(0, depth).join("/"))).catch(() => null);
    if (info === null) return GONE;
    if (!info.isDirectory()) return "blocked";
  }
  const target = onDisk(folder, path);
  const info = await lstat(target).catch(() => null);
  if (info === null) return GONE;
  if (info.isSymbolicLink()) {
    const bytes = await readlink(target, { encoding: "buffer" });
    return { kind: "link", mode: 0o777, blob: hashOf(bytes) };
  }
  if (info.isDirectory()) return (await isEmptied(target)) ? GONE : "blocked";
  if (!info.isFile()) return "blocked";
  return { kind: "file", mode: info.mode & 0o7777, blob: await hashFile(target) };
}

/** An empty folder holds nothing: a file may take its place. */
async function isEmptied(folder: string | Buffer): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

async function hashFile(path: string | Buffer): Promise<Hash> {
  const hash = createHash("sha256");
  const file = await open(path, "r");
  try {
    for await (const part of file.createReadStream({ autoClose: false })) hash.update(part as Buffer);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function remove({ folder, path, area }: Change, target: string | Buffer): Promise<Applied> {
  await unlink(target);
  // Git's own folders are part of a repository also while they are empty, but not those of a rebase.
  if (area === "git" && !/^(rebase-merge|rebase-apply|sequencer)\//.test(path)) return DONE;
  // As git does: folders that are empty now go too.
  for (let parent = dirname(path); parent !== "."; parent = dirname(parent)) {
    if (!(await isEmptied(onDisk(folder, parent)))) break;
  }
  return DONE;
}

async function makeParents(folder: string, path: BytePath): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const parts = path.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const parent = onDisk(folder, parts.slice(0, depth).join("/"));
    await mkdir(parent).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
    if (!(await lstat(parent)).isDirectory()) return false;
  }
  return true;
}

async function prepare(temporary: string | Buffer, to: Content, mode: number, data: Buffer): Promise<void> {
  if (to.kind === "link") {
    await symlink(data, temporary);
    return;
  }
  // Readable by the person alone until it has its content and mode.
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(data);
    await file.chmod(mode);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function replace(temporary: string | Buffer, target: string | Buffer): Promise<Applied> {
  await rename(temporary, target);
  return DONE;
}

/** Git replaces its files under `NAME.lock`: whoever holds that is changing the file. */
async function replaceLocked(temporary: string | Buffer, target: string | Buffer): Promise<Applied> {
  const lock = withSuffix(target, ".lock");
  for (let attempt = 0; ; attempt++) {
    try {
      await link(temporary, lock);
      break;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
      if (attempt < LOCK_TRIES) await new Promise((resolve) => setTimeout(resolve, LOCK_MS));
      else {
        await rm(temporary, { force: true });
        return { done: false, why: "locked" };
      }
    }
  }
  await rename(lock, target);
  await rm(temporary, { force: true });
  return DONE;
}

function withSuffix(path: string | Buffer, suffix: string): string | Buffer {
  return typeof path === "string" ? `${path}${suffix}` : Buffer.concat([path, Buffer.from(suffix)]);
}

/** Name of the file that a change is written to first. */
export function temporaryName(journal: string, index: number): string {
  return `interlock-${journal}-${index}`;
}
