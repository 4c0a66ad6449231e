import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { readStore } from "./store.ts";

export interface Content {
  /** The name under which git would keep it. */
  readonly blob: string;
  readonly bytes: Buffer;
}

/** Everything in a sandbox that a person could miss. Contents are named by their hash as git's blobs. */
export interface Snapshot {
  /** Content by path, working trees and loose files alike. */
  readonly files: ReadonlyMap<string, Content>;
  /** Staged blobs by path. */
  readonly index: ReadonlyMap<string, string>;
  /** Blobs that some ref, HEAD or stash entry reaches. */
  readonly blobs: ReadonlySet<string>;
  /** The others as `TREE WHAT`, see `Store`. */
  readonly commits: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  readonly reflogs: ReadonlySet<string>;
  readonly headLog: ReadonlySet<string>;
  readonly objects: ReadonlySet<string>;
  readonly config: ReadonlySet<string>;
}

export async function takeSnapshot(sandbox: string, trees: readonly string[]): Promise<Snapshot> {
  const stores = await Promise.all(
    trees.map(async (tree) => ({ tree, store: await readStore(sandbox, join(sandbox, tree)) })),
  );
  const named = (
    what: "commits" | "tags" | "reflogs" | "headLog" | "objects" | "config",
  ): ReadonlySet<string> =>
    new Set(stores.flatMap(({ tree, store }) => store[what].map((each) => `${tree} ${each}`)));
  return {
    files: new Map(filesBelow(sandbox, sandbox)),
    index: new Map(
      stores.flatMap(({ tree, store }) =>
        store.index.map(([path, blob]): [string, string] => [`${tree}/${path}`, blob]),
      ),
    ),
    blobs: new Set(stores.flatMap(({ store }) => store.blobs)),
    commits: named("commits"),
    tags: named("tags"),
    reflogs: named("reflogs"),
    headLog: named("headLog"),
    objects: named("objects"),
    config: named("config"),
  };
}

function filesBelow(sandbox: string, folder: string): readonly (readonly [string, Content])[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.endsWith(".git")) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(sandbox, path);
    const isLink = lstatSync(path).isSymbolicLink();
    const bytes = isLink ? Buffer.from(readlinkSync(path)) : readFileSync(path);
    const blob = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    return [[relative(sandbox, path), { blob, bytes }]];
  });
}
