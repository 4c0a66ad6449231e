import { realpath } from "node:fs/promises";
import { AuditLog } from "../audit/log.ts";
import { excludeFromGit } from "../git/exclude.ts";
import type { GateKeeper, SessionPlace } from "./host.ts";

/** The folders that sessions work in, each with its record and its gates; sessions of one folder share them. */
export class Places {
  readonly #places = new Map<string, SessionPlace>();
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
      cwd: realCwd,
      audit: new AuditLog(real),
      gates: this.#gatesFor(real),
    };
    this.#places.set(real, place);
    return place;
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.all().flatMap(({ audit, gates }) => [audit.close(), gates.dispose()]));
  }
}

/** Keeps the record out of git. Without a repository, or one that can't be written, there is nothing to keep it out of. */
export async function hideFromGit(place: SessionPlace): Promise<void> {
  await excludeFromGit(place.audit.folder).catch(() => false);
}
