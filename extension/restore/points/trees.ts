import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Git, succeeded } from "../../git/run.ts";
import type { RunResult } from "../../process/processes.ts";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../../state/directory.ts";
import type { BytePath } from "./bytePath.ts";
import { Capture } from "./capture.ts";
import { type Content, contentOf } from "./change.ts";
import { LIMITS } from "./limits.ts";
import { lfsContent } from "./lfs.ts";
import type { Entry, Hash } from "./point.ts";
import type { PointStore } from "./store.ts";

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** The tree without files, in repositories with names of 40 and of 64 digits. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const EMPTY_TREE_256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";

export interface TreesParts {
  readonly git: Git;
  readonly store: PointStore;
  /** A folder inside the repository; null where the repository is gone. */
  readonly repository: { readonly root: string; readonly commonDir: string } | null;
  /** The vault's objects: what the repository lost. */
  readonly vault: string;
  /** The repository's configuration at the point, for one that is gone. */
  readonly config: string;
}

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly input?: Buffer;
  readonly alternates?: boolean;
}

/** Reads committed content as a checkout would write it, from the repository and the vault, into the store. */
export class Trees {
  readonly #parts: TreesParts;
  readonly #scratch: string;
  #folder: Promise<string> | undefined;

  constructor(parts: TreesParts) {
    this.#parts = parts;
    this.#scratch = join(parts.store.folder, `scratch-${randomUUID()}`);
  }

  async dispose(): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** Paths that differ between two commits; of one commit and none, all its paths. Null where git can't say. */
  async between(one: string | null, other: string | null): Promise<readonly BytePath[] | null> {
    if (one === other) return [];
    const none = (one ?? other)?.length === 64 ? EMPTY_TREE_256 : EMPTY_TREE;
    const args = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one ?? none, other ?? none];
    const result = await this.#run(args);
    return result === null ? null : result.split("\0").filter((path) => path !== "");
  }

  /** What a commit has under some paths. Paths that it doesn't have are left out. Null where git can't say. */
  async contents(commit: string, paths: readonly BytePath[]): Promise<ReadonlyMap<BytePath, Content> | null> {
    if (paths.length === 0) return new Map();
    await privateFolder(this.#scratch);
    const index = join(this.#scratch, randomUUID());
    const out = join(this.#scratch, randomUUID());
    await mkdir(out);
    const env = { GIT_INDEX_FILE: index };
    if ((await this.#run(["read-tree", `${commit}^{tree}`], { env })) === null) return null;
    const input = Buffer.from(`${paths.join("\0")}\0`, "latin1");
    // Paths that the commit doesn't have make it end with an error, after all others were written.
    const prefix = ["checkout-index", "--quiet", "--force", "-z", "--stdin", `--prefix=${out}/`];
    await this.#run(prefix, { env, input });
    const wanted = paths.map((path) => ({ path, state: "changed" as const }));
    const used = new Set<Hash>();
    const capture = new Capture(this.#parts.store, used);
    const bounds = { ...LIMITS, files: Number.POSITIVE_INFINITY, totalBytes: Number.POSITIVE_INFINITY };
    const { entries } = await capture.files(out, wanted, new Map(), { ...bounds, fileBytes: MAX_BYTES * 8 });
    const lfs = await this.#withLfs(capture, entries);
    await capture.flush();
    const there = lfs.filter(({ kind }) => kind !== "gone");
    return new Map(there.map((entry) => [entry.path, { ...contentOf(entry), plainMode: true }]));
  }

  /** Whether each of these objects, and what it needs, is in the repository itself. */
  async isWhole(tips: readonly string[], objects: readonly string[]): Promise<boolean> {
    if (this.#parts.repository === null) return false;
    const check = ["cat-file", "--batch-check=%(objectname)"];
    const names = [...new Set([...tips, ...objects])];
    if (names.length === 0) return true;
    const own = { alternates: false, input: Buffer.from(`${names.join("\n")}\n`) };
    const found = await this.#run(check, own);
    if (found === null || found.includes(" missing")) return false;
    if (tips.length === 0) return true;
    // Everything is walked that the refs of now don't reach.
    const walk = await this.#run(["rev-list", "--objects", "--quiet", "--stdin", "--not", "--all"], {
      alternates: false,
      input: Buffer.from(`${[...new Set(tips)].join("\n")}\n`),
    });
    return walk !== null;
  }

  /** True where the first commit is reached from the second one. Null where one of them isn't known. */
  async isAncestor(one: string, other: string): Promise<boolean | null> {
    const result = await this.#start(["merge-base", "--is-ancestor", one, other], {});
    if (succeeded(result)) return true;
    return result.code === 1 && !result.timedOut ? false : null;
  }

  /** True where merging the second commit into the first one changes nothing of it. */
  async changesNothing(into: string, commit: string): Promise<boolean> {
    const tree = await this.#run(["rev-parse", `${into}^{tree}`]);
    const merged = await this.#run(["merge-tree", "--write-tree", into, commit]);
    return tree !== null && merged !== null && tree.trim() === merged.trim();
  }

  /** Three-way merge of texts. Null where the same lines were changed, or it is no text. */
  async merge(ours: Buffer, base: Buffer, theirs: Buffer): Promise<string | null> {
    await privateFolder(this.#scratch);
    const names = await Promise.all(
      [ours, base, theirs].map(async (data) => {
        const path = join(this.#scratch, randomUUID());
        await writeAtomically(path, data, { mode: PRIVATE_FILE });
        return path;
      }),
    );
    const merged = await this.#run(["merge-file", "--stdout", "--quiet", ...names]);
    await Promise.all(names.map((path) => rm(path, { force: true })));
    return merged;
  }

  async #withLfs(capture: Capture, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const { repository, store } = this.#parts;
    if (repository === null) return entries;
    await capture.flush();
    return Promise.all(entries.map((entry) => lfsContent(store, capture, repository.commonDir, entry)));
  }

  /** Git's output, one character a byte; null where it failed. */
  async #run(args: readonly string[], options: RunOptions = {}): Promise<string | null> {
    const result = await this.#start(args, options);
    return succeeded(result) ? result.stdout : null;
  }

  async #start(args: readonly string[], options: RunOptions): Promise<RunResult> {
    this.#folder ??= this.#place();
    const { env, input, alternates = true } = options;
    return this.#parts.git.run({
      folder: await this.#folder,
      args,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      encoding: "latin1",
      env: { ...(alternates ? { GIT_ALTERNATE_OBJECT_DIRECTORIES: this.#parts.vault } : {}), ...env },
      ...(input === undefined ? {} : { input }),
    });
  }

  /** The repository; where it is gone, an empty one that only knows how line ends were to be written. */
  async #place(): Promise<string> {
    const { repository, config } = this.#parts;
    if (repository !== null) return repository.root;
    const folder = join(this.#scratch, "repository");
    const git = join(folder, ".git");
    await Promise.all(["objects", "refs"].map((name) => mkdir(join(git, name), { recursive: true })));
    const kept = [...config.matchAll(/^\s*(autocrlf|eol|safecrlf)\s*=\s*(\w+)\s*$/gim)];
    const lines = kept.map(([, key = "", value = ""]) => `\t${key} = ${value}\n`).join("");
    const sha256 = /^\s*objectformat\s*=\s*sha256\s*$/im.test(config);
    const format = sha256
      ? "\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n[core]\n"
      : "";
    await writeAtomically(join(git, "config"), `[core]\n${format}${lines}`, { mode: PRIVATE_FILE });
    await writeAtomically(join(git, "HEAD"), "ref: refs/heads/none\n", { mode: PRIVATE_FILE });
    return folder;
  }
}
