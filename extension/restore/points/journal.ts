import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { PRIVATE_FILE, writeAtomically } from "../../state/directory.ts";
import type { Change, Kept } from "./change.ts";

export const JOURNAL_VERSION = 1;

/** A restore, written down before its first change, so that it can be finished or undone after a kill. */
export interface Journal {
  readonly v: typeof JOURNAL_VERSION;
  readonly id: string;
  readonly time: number;
  readonly root: string;
  /** The point that is restored, or the branch of the worktree whose change comes; and the point that was taken before. */
  readonly point: string;
  readonly before: string;
  /** `applying` and `undoing` are unfinished. */
  readonly state: "applying" | "done" | "undoing" | "undone";
  readonly changes: readonly Change[];
  /** Repositories, by their common folder, that get objects back from the vault. */
  readonly objects: readonly string[];
  readonly kept: readonly Kept[];
}

const content = z.object({
  kind: z.enum(["file", "link", "gone"]),
  mode: z.number(),
  blob: z.nullable(z.string()),
  plainMode: z.optional(z.boolean()),
});
const why = z.enum(["new", "conflict", "yours", "blocked", "meanwhile", "locked", "not-covered"]);
const journal = z.object({
  v: z.literal(JOURNAL_VERSION),
  id: z.string(),
  time: z.number(),
  root: z.string(),
  point: z.string(),
  before: z.string(),
  state: z.enum(["applying", "done", "undoing", "undone"]),
  changes: z.array(
    z.object({
      folder: z.string(),
      path: z.string(),
      from: content,
      to: content,
      area: z.enum(["tree", "git"]),
      merged: z.boolean(),
    }),
  ),
  objects: z.array(z.string()),
  kept: z.array(z.object({ folder: z.string(), path: z.string(), why })),
});

export function isUnfinished({ state }: Journal): boolean {
  return state === "applying" || state === "undoing";
}

/** On the disk before this resolves. */
export async function writeJournal(folder: string, entry: Journal): Promise<void> {
  const path = join(folder, `${entry.id}.json`);
  await writeAtomically(path, `${JSON.stringify(entry)}\n`, { mode: PRIVATE_FILE, sync: true });
}

/** All journals, the oldest first. */
export async function readJournals(folder: string): Promise<readonly Journal[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[\w-]+\.json$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
  return texts.flatMap((text): Journal[] => {
    try {
      const read = journal.safeParse(JSON.parse(text));
      // Absent is what the schema means by undefined.
      return read.success ? [read.data as Journal] : [];
    } catch {
      return [];
    }
  });
}

export async function removeJournal(folder: string, id: string): Promise<void> {
  await rm(join(folder, `${id}.json`), { force: true });
}
