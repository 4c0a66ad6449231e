import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Processes } from "../process/processes.ts";

/** A file that a command would write. */
export interface PlannedFile {
  readonly path: string;
  /** Null where there is none. */
  readonly oldText: string | null;
  readonly newText: string;
}

export interface Rehearsed {
  /** The folder that is copied. */
  readonly root: string;
  /** Below it: where the command runs. */
  readonly folder: string;
  /** Whether a file of this name is copied, and looked at afterwards. */
  readonly counts: (name: string) => boolean;
  readonly command: readonly string[];
  /** Which exit codes mean that it did its work. */
  readonly worked: (code: number | null) => boolean;
  readonly timeoutMs: number;
}

/** Folders that hold nothing of the project's own. */
const PASSED = /^(?:node_modules|__pycache__|\..*|venv|dist|build|target)$/;
/** What is looked into and copied: beyond it nothing is told beforehand. */
const MAX_FOLDERS = 2_000;
const MAX_FILES = 2_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** What it prints is not read, only how it ends. */
const OUTPUT_BYTES = 4_096;

/**
 * Runs a command in a copy of some of a project's files, and tells what it would write. Null where that can't be told: it failed
 * there, there is no room for a copy, or the project is too large to be copied for a look. Never rejects.
 */
export async function rehearse(
  rehearsed: Rehearsed,
  processes: Pick<Processes, "run">,
): Promise<readonly PlannedFile[] | null> {
  try {
    const copy = await mkdtemp(join(tmpdir(), "interlock-copy-"));
    try {
      return await rehearseIn(copy, rehearsed, processes);
    } finally {
      // What can't be removed is the system's to clear: what was found out counts all the same.
      await rm(copy, { recursive: true, force: true }).catch(() => undefined);
    }
  } catch {
    return null;
  }
}

async function rehearseIn(
  copy: string,
  { root, folder, counts, command: [program = "", ...args], worked, timeoutMs }: Rehearsed,
  processes: Pick<Processes, "run">,
): Promise<readonly PlannedFile[] | null> {
  const paths = await filesIn(root, counts);
  if (paths === null) return null;
  for (const path of paths) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await copyFile(join(root, path), join(copy, path));
  }
  await mkdir(join(copy, folder), { recursive: true });
  const before = await textsOf(copy, paths);
  const moved = args.map((word) => word.replaceAll(root, copy));
  const request = {
    command: program,
    args: moved,
    cwd: join(copy, folder),
    timeoutMs,
    maxBytes: OUTPUT_BYTES,
  };
  const { code } = await processes.run(request);
  if (!worked(code)) return null;
  const after = await textsOf(copy, (await filesIn(copy, counts)) ?? []);
  const files = [...after].map(([path, newText]): PlannedFile => {
    return { path: join(root, path), oldText: before.get(path) ?? null, newText };
  });
  return files.filter(({ oldText, newText }) => oldText !== newText);
}

async function textsOf(copy: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(path, await readFile(join(copy, path), "utf8"));
  return texts;
}

/** The files that count, by their path below the root; null where there are too many to be copied. */
async function filesIn(root: string, counts: (name: string) => boolean): Promise<readonly string[] | null> {
  const found: string[] = [];
  const open = [root];
  let bytes = 0;
  for (let seen = 0; open.length > 0; seen++) {
    if (seen === MAX_FOLDERS) return null;
    const folder = open.shift() ?? root;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !PASSED.test(entry.name)) open.push(path);
      if (!entry.isFile() || !counts(entry.name)) continue;
      bytes += (await stat(path)).size;
      if (found.push(relative(root, path)) > MAX_FILES || bytes > MAX_BYTES) return null;
    }
  }
  return found;
}
