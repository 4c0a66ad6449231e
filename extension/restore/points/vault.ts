import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { systemCode } from "../../errors.ts";
import { type Git, succeeded } from "../../git/run.ts";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../../state/directory.ts";
import { withLock } from "../../state/lock.ts";
import { inParallel } from "./parallel.ts";
import { findShared, type GonePack } from "./shared.ts";
import { earliestPoint, keyOf } from "./store.ts";

const PARALLEL = 32;
/** Bytes that one look may copy where the state directory lies on another disk; links cost nothing. */
const COPY_BYTES = 512 * 1024 * 1024;
const RACY_MS = 50;
/** Writing what is left of one pack: git copies what it has compressed already. Nobody waits for it. */
const EXTRACT_MS = 60_000;
const PACK = "pack";
/** The pack comes before its index: an index alone would promise objects that aren't there. */
const PACK_FILE = /^pack-[0-9a-f]+\.(pack|rev|idx|mtimes|promisor)$/;
const OBJECT_FILE = /^[0-9a-f]{38}([0-9a-f]{24})?$/;

/**
 * A repository's objects, hard-linked out of the reach of `gc`, `update-ref -d` and `rm -rf .git`: commits, stash
 * entries and staged content of a point stay readable. Laid out as git lays them out, so that git can read them.
 */
export class Vault {
  readonly objects: string;
  readonly #git: Git;
  readonly #folder: string;
  readonly #source: string;
  readonly #stateDirectory: string;
  readonly #users: string;
  readonly #copyBytes: number;
  /** Bytes that were copied; undefined until it was looked. */
  #copied: number | undefined;
  readonly #noted = new Set<string>();
  /** Folders that are linked as far as this modification time. */
  readonly #seen = new Map<string, bigint>();

  /** `copyBytes`: how much it may hold where it must copy. */
  constructor(git: Git, stateDirectory: string, commonDir: string, copyBytes: number) {
    this.#git = git;
    this.#folder = join(stateDirectory, "restore", "vaults", keyOf(commonDir));
    this.objects = join(this.#folder, "objects");
    this.#users = join(this.#folder, "users");
    this.#stateDirectory = stateDirectory;
    this.#copyBytes = copyBytes;
    this.#source = join(commonDir, "objects");
  }

  /** Links what is new. `user`: whose points need it, by its place in the state directory. False where some could not be kept. */
  async fill(user: string): Promise<boolean> {
    await privateFolder(this.objects);
    await this.#note(user);
    return this.#link();
  }

  async #link(): Promise<boolean> {
    await this.#keepAlternates();
    const names = await readdir(this.#source).catch(() => []);
    const folders = names.filter((name) => name === PACK || /^[0-9a-f]{2}$/.test(name));
    const changed = await inParallel(folders, PARALLEL, (folder) => this.#changed(folder));
    let left = await this.#room();
    let complete = true;
    for (const folder of folders.filter((_, index) => changed[index])) {
      const missing = await missingFrom(join(this.#source, folder), join(this.objects, folder), folder);
      const kept = await inParallel(missing, PARALLEL, async (name) => {
        const cost = await bringFile(
          join(this.#source, folder, name),
          join(this.objects, folder, name),
          left,
        );
        left -= cost ?? 0;
        if (this.#copied !== undefined) this.#copied += cost ?? 0;
        return cost !== null;
      });
      if (kept.every(Boolean)) continue;
      complete = false;
      this.#seen.delete(folder);
    }
    return complete;
  }

  /** Gives a repository back the objects that it lacks. */
  async give(): Promise<void> {
    const objects = this.#source;
    await mkdir(objects, { recursive: true });
    // Without it git takes the folder for none of its own.
    await mkdir(join(dirname(objects), "refs"), { recursive: true });
    for (const folder of await readdir(this.objects).catch(() => [])) {
      if (folder === "info") await this.#giveAlternates(objects);
      else {
        const missing = await missingFrom(join(this.objects, folder), join(objects, folder), folder);
        await mkdir(join(objects, folder), { recursive: true });
        await inParallel(missing, PARALLEL, (name) =>
          bringFile(join(this.objects, folder, name), join(objects, folder, name), Number.POSITIVE_INFINITY),
        );
      }
    }
  }

  /**
   * Which points need more than so many bytes of what the repository gave up since: those from before this time, in milliseconds since
   * the epoch. What the newest points need doesn't count, for they stay.
   */
  async overfull(bytes: number, now: number): Promise<number> {
    if ((await this.#over(bytes, now)) === 0) return 0;
    // Most of it may only have been packed anew, which is no reason for points to go.
    return (await this.#dropShared(now)) ? this.#over(bytes, now) : 0;
  }

  /** Removes what the repository gave up before the oldest point that is left of those that need it. */
  async prune(now: number): Promise<void> {
    const since = await this.#earliest("oldest");
    await this.#locked(async () => {
      const left = new Map<string, number>();
      for (const [name, when] of await this.#gone(now)) {
        if (when < since) await rm(join(this.objects, name), { force: true });
        else left.set(name, when);
      }
      await this.#noteGone(left);
    });
    this.#copied = undefined;
  }

  async #over(bytes: number, now: number): Promise<number> {
    const newest = await this.#earliest("newest");
    const gone = [...(await this.#gone(now))].filter(([, when]) => when < newest);
    let held = 0;
    for (const [name, when] of gone.toSorted(([, one], [, other]) => other - one)) {
      const info = await stat(join(this.objects, name)).catch(() => null);
      held += info?.size ?? 0;
      if (held > bytes) return when + 1;
    }
    return 0;
  }

  /** Holds of what the repository gave up only the objects that it has no more. False where that can't be told or done. */
  async #dropShared(now: number): Promise<boolean> {
    // Before files of the old packs may go, the new ones are here.
    if (!(await this.#link())) return false;
    return this.#locked(async () => {
      const gone = new Map(await this.#gone(now));
      const found = await findShared(this.objects, gone).catch(() => null);
      if (found === null) return false;
      const written = new Set<string>();
      for (const pack of found.packs.filter(({ shares }) => shares)) {
        const left = pack.lacked.length === 0 ? [] : await this.#extract(pack);
        if (left === null) return false;
        for (const name of left) {
          written.add(name);
          gone.set(name, Math.max(pack.when, gone.get(name) ?? 0));
        }
        await this.#noteGone(gone);
        // Without its index a pack is none: that goes first.
        for (const ending of ["idx", "rev", "mtimes", "promisor", "pack"]) {
          const name = `${pack.name}.${ending}`;
          if (!written.has(name)) await rm(join(this.objects, name), { force: true });
        }
      }
      for (const name of found.loose) await rm(join(this.objects, name), { force: true });
      return true;
    });
  }

  /** Writes a pack with nothing but what is lacked elsewhere. The names of its files; null where that failed. */
  async #extract({ name, lacked }: GonePack): Promise<readonly string[] | null> {
    const result = await this.#git.run({
      folder: dirname(this.#source),
      args: ["pack-objects", "--quiet", "--window=0", "--threads=1", join(this.objects, PACK, "pack")],
      input: Buffer.from(lacked.map((id) => `${id}\n`).join("")),
      env: { GIT_OBJECT_DIRECTORY: this.objects },
      timeoutMs: EXTRACT_MS,
    });
    const made = `${PACK}/pack-${result.stdout.trim()}`;
    if (!succeeded(result) || !/-[0-9a-f]+$/.test(made)) return null;
    // Of a partial clone: what its objects name need not be there.
    const promised = await stat(join(this.objects, `${name}.promisor`)).catch(() => null);
    if (promised !== null)
      await writeAtomically(join(this.objects, `${made}.promisor`), "", { mode: PRIVATE_FILE });
    return ["pack", "rev", "idx", ...(promised === null ? [] : ["promisor"])].map(
      (ending) => `${made}.${ending}`,
    );
  }

  #locked<Value>(work: () => Promise<Value>): Promise<Value> {
    return withLock(join(this.#folder, "lock"), work);
  }

  #noteGone(gone: ReadonlyMap<string, number>): Promise<void> {
    const text = JSON.stringify(Object.fromEntries(gone));
    return writeAtomically(this.#goneFile, text, { mode: PRIVATE_FILE });
  }

  async #earliest(which: "oldest" | "newest"): Promise<number> {
    const users = await readdir(this.#users).catch(() => []);
    return earliestPoint(this.#stateDirectory, users, which);
  }

  /** What the repository has no more, and when that was seen first. */
  async #gone(now: number): Promise<ReadonlyMap<string, number>> {
    const before = await readGone(this.#goneFile);
    const gone = new Map<string, number>();
    for (const folder of (await readdir(this.objects).catch(() => [])).filter((name) => name !== "info")) {
      const [here, there] = [join(this.objects, folder), join(this.#source, folder)];
      for (const name of await missingFrom(here, there, folder, false)) {
        const path = `${folder}/${name}`;
        gone.set(path, before[path] ?? now);
      }
    }
    return gone;
  }

  get #goneFile(): string {
    return join(this.#folder, "gone.json");
  }

  /** Bytes that one look may copy. */
  async #room(): Promise<number> {
    const [here, there] = await Promise.all(
      [this.objects, this.#source].map((folder) => stat(folder).catch(() => null)),
    );
    if (here?.dev === there?.dev) return COPY_BYTES;
    this.#copied ??= await bytesBelow(this.objects);
    return Math.min(COPY_BYTES, this.#copyBytes - this.#copied);
  }

  /** An empty file for each folder whose points need the objects. */
  async #note(user: string): Promise<void> {
    if (this.#noted.has(user)) return;
    await privateFolder(this.#users);
    await writeAtomically(join(this.#users, user), "", { mode: PRIVATE_FILE });
    this.#noted.add(user);
  }

  async #changed(folder: string): Promise<boolean> {
    const info = await stat(join(this.#source, folder), { bigint: true }).catch(() => null);
    if (info === null || this.#seen.get(folder) === info.mtimeNs) return false;
    // Within one tick of the clock a folder changes without a new time.
    if (Date.now() - Number(info.mtimeMs) > RACY_MS) this.#seen.set(folder, info.mtimeNs);
    return true;
  }

  /** Objects that lie in another repository are not linked, but where it lies is kept. */
  async #keepAlternates(): Promise<void> {
    const text = await readFile(join(this.#source, "info", "alternates"), "utf8").catch(() => "");
    if (text.trim() === "") return;
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    await privateFolder(join(this.objects, "info"));
    const absolute = lines.map((line) => resolve(this.#source, line)).join("\n");
    await writeAtomically(join(this.objects, "info", "alternates"), `${absolute}\n`, { mode: PRIVATE_FILE });
  }

  async #giveAlternates(objects: string): Promise<void> {
    await mkdir(join(objects, "info"), { recursive: true });
    const path = join(objects, "info", "alternates");
    await copyFile(join(this.objects, "info", "alternates"), path, constants.COPYFILE_EXCL).catch(() => {});
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await inParallel(files, PARALLEL, async ({ parentPath, name }) => {
    return (await stat(join(parentPath, name)).catch(() => null))?.size ?? 0;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function readGone(path: string): Promise<Readonly<Record<string, number>>> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}

async function missingFrom(
  from: string,
  to: string,
  folder: string,
  make = true,
): Promise<readonly string[]> {
  const [there, here] = await Promise.all([
    readdir(from).catch(() => []),
    readdir(to).catch(async () => {
      if (make) await mkdir(to, { recursive: true });
      return [];
    }),
  ]);
  const known = new Set(here);
  const wanted = folder === PACK ? PACK_FILE : OBJECT_FILE;
  const rank = (name: string): number => (name.endsWith(".pack") ? 0 : name.endsWith(".idx") ? 2 : 1);
  return there.filter((name) => wanted.test(name) && !known.has(name)).sort((a, b) => rank(a) - rank(b));
}

/** Links a file, or copies it where it can't be linked. The bytes that were copied; null where it wasn't kept. */
async function bringFile(from: string, to: string, room: number): Promise<number | null> {
  try {
    await link(from, to);
    return 0;
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") return 0;
    // It was repacked meanwhile: its objects lie in a new pack, which is seen next time.
    if (code === "ENOENT") return 0;
    if (code === "ENOSPC" || code === "EDQUOT") throw error;
  }
  const { size } = await stat(from);
  if (size > room) return null;
  const temporary = `${to}.${randomUUID()}.tmp`;
  try {
    await copyFile(from, temporary, constants.COPYFILE_FICLONE);
    await rename(temporary, to);
    return size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
