import { realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { AuditLog } from "../audit/log.ts";
import { excludeFromGit } from "../git/exclude.ts";
import type { NewWorktree } from "../git/worktrees.ts";
import type { GateKeeper, SessionPlace } from "./host.ts";

/** The folders that sessions work in, each with its record and its gates; sessions of one folder share them. */
export class Places {
  readonly #places = new Map<string, SessionPlace>();
  /** The gates of worktrees: their record is that of the project. */
  readonly #worktrees = new Map<string, GateKeeper>();
  readonly #gatesFor: (root: string) => GateKeeper;

  constructor(gatesFor: (root: string) => GateKeeper) {
    this.#gatesFor = gatesFor;
  }

  all(): readonly SessionPlace[] {
    return [...this.#places.values()];
  }

  /** The place of a session that starts in `cwd`, inside the project `root`. Writes nothing yet. */
  async open(root: string, cwd: string): Promise<SessionPlace> {
    const [real, realCwd] = await Promise.all([realpath(root), realpath(cwd)]);
    const known = this.#places.get(real);
    if (known !== undefined) return { ...known, cwd: realCwd };
    // Nothing is waited for from here on: two sessions that open at once share the place.
    const place: SessionPlace = {
      root: real,
      tree: real,
      cwd: realCwd,
      audit: new AuditLog(real),
      gates: this.#gatesFor(real),
    };
    this.#places.set(real, place);
    return place;
  }

  /** The same project in a worktree of its own. */
  async inWorktree(place: SessionPlace, worktree: NewWorktree): Promise<SessionPlace> {
    const { folder } = worktree;
    // A folder below that was never committed isn't there.
    const cwd = await realpath(join(folder, relative(place.root, place.cwd))).catch(() => folder);
    return { ...place, tree: folder, cwd, worktree, gates: this.gatesOf(folder) };
  }

  /** The gates of a project's folder, or of its folder in a worktree. */
  gatesOf(folder: string): GateKeeper {
    const known = this.#places.get(folder)?.gates ?? this.#worktrees.get(folder);
    if (known !== undefined) return known;
    const gates = this.#gatesFor(folder);
    this.#worktrees.set(folder, gates);
    return gates;
  }

  async dispose(): Promise<void> {
    const gates = [...this.all().map((place) => place.gates), ...this.#worktrees.values()];
    await Promise.allSettled([
      ...this.all().map(({ audit }) => audit.close()),
      ...gates.map((each) => each.dispose()),
    ]);
  }
}

/** Keeps the record out of git. Without a repository, or one that can't be written, there is nothing to keep it out of. */
export async function hideFromGit(place: SessionPlace): Promise<void> {
  await excludeFromGit(place.audit.folder).catch(() => false);
}
