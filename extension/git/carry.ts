import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { type Git, succeeded } from "./run.ts";

/** A file with changes that are in no commit, relative to the repository's top folder. */
export interface ChangedFile {
  readonly path: string;
  /** True where the index has it otherwise than HEAD. */
  readonly staged: boolean;
}

/** Copying stops there; what is left out is named. `.env` files and the like are small, and so is a day's work. */
const MAX_FILES = 5_000;
const MAX_BYTES = 512 * 1024 * 1024;
const INDEX_MS = 20_000;
/** Zeros in the place of an object's name: the index has no such file. */
const NOTHING = `0 ${"0".repeat(40)}`;

/** Copies files from one working tree to another of the same repository; the first one stays as it is. */
export class Carrier {
  readonly #from: string;
  readonly #to: string;
  readonly #carried: string[] = [];
  readonly #left: string[] = [];
  #bytes = 0;

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
  }

  get carried(): readonly string[] {
    return this.#carried;
  }

  /** What is no file of its own, or more than is carried. */
  get left(): readonly string[] {
    return this.#left;
  }

  /** Brings files to the state that they have in the first tree: those that are gone there go here. */
  async carry(paths: readonly string[]): Promise<void> {
    // What goes makes room for what comes: a link may have become a folder.
    const sorted = await Promise.all(
      paths.map(async (path) => {
        const info = path.endsWith("/") ? undefined : await infoOf(join(this.#from, path));
        return { path, gone: info === null || info?.isDirectory() === true };
      }),
    );
    for (const { path, gone } of sorted) if (gone) await this.#remove(path);
    for (const { path, gone } of sorted) if (!gone) await this.#copy(path);
  }

  async #remove(path: string): Promise<void> {
    const target = join(this.#to, path);
    if (!(await hasRealFolders(this.#to, path))) return void this.#left.push(path);
    const info = await infoOf(target);
    if (info?.isDirectory() === true) return void this.#left.push(path);
    await rm(target, { force: true });
    this.#carried.push(path);
  }

  async #copy(path: string): Promise<void> {
    const [source, target] = [join(this.#from, path), join(this.#to, path)];
    const info = await infoOf(source);
    const isFile = info?.isFile() === true;
    const fits = this.#carried.length < MAX_FILES && this.#bytes + (info?.size ?? 0) <= MAX_BYTES;
    if (info === null || !(isFile || info.isSymbolicLink()) || !fits) return void this.#left.push(path);
    await mkdir(dirname(target), { recursive: true }).catch(() => {});
    const there = await infoOf(target);
    if (!(await hasRealFolders(this.#to, path)) || there?.isDirectory() === true)
      return void this.#left.push(path);
    await rm(target, { force: true });
    if (isFile) {
      await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await chmod(target, info.mode & 0o777);
    } else await symlink(await readlink(source), target);
    this.#bytes += info.size;
    this.#carried.push(path);
  }
}

/** Stages in one working tree what is staged in another of the same repository, whose objects both share. */
export async function carryIndex(
  git: Git,
  from: string,
  to: string,
  paths: readonly string[],
): Promise<boolean> {
  if (paths.length === 0) return true;
  const listed = await git.run({
    folder: from,
    args: ["ls-files", "--stage", "-z"],
    timeoutMs: INDEX_MS,
    encoding: "latin1",
  });
  if (!succeeded(listed)) return false;
  const wanted = new Set(paths.map((path) => Buffer.from(path).toString("latin1")));
  const lines: string[] = [];
  const known = new Set<string>();
  for (const line of listed.stdout.split("\0")) {
    const path = line.slice(line.indexOf("\t") + 1);
    if (line === "" || !wanted.has(path)) continue;
    known.add(path);
    // Of a merge that isn't resolved nothing is staged yet.
    if (/ 0\t/.test(line)) lines.push(line);
  }
  for (const path of wanted) if (!known.has(path)) lines.push(`${NOTHING}\t${path}`);
  const staged = await git.run({
    folder: to,
    args: ["update-index", "-z", "--index-info"],
    input: Buffer.from(lines.map((line) => `${line}\0`).join(""), "latin1"),
    timeoutMs: INDEX_MS,
  });
  return succeeded(staged);
}

async function infoOf(path: string) {
  return lstat(path).catch(() => null);
}

/** False where a folder on the way is a link, which would lead out of the tree, or is none. */
async function hasRealFolders(root: string, path: string): Promise<boolean> {
  const parts = path.split(/[/\\]/).slice(0, -1);
  let folder = root;
  for (const part of parts) {
    if (part === "..") return false;
    folder += sep + part;
    const info = await infoOf(folder);
    if (info !== null && !info.isDirectory()) return false;
  }
  return true;
}
