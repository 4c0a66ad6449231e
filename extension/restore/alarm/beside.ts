import { realpath } from "node:fs/promises";
import { findRepository } from "../../git/repository.ts";
import type { Git } from "../../git/run.ts";
import { readStatus } from "../status.ts";

/** A repository that git takes longer for, with cold caches too, costs more than it is worth where no agent works. */
const STATUS_MS = 5_000;

/** A machine can be busy: what was too slow is tried again after so long. */
const RETRY_MS = 5 * 60_000;

/** What is open in the window. */
export interface Open {
  /** The folders at this moment; they may be links, lie in one repository, or be gone. */
  readonly folders: () => readonly string[];
  readonly home: string | undefined;
}

/** Finds the repositories of open folders that can be watched beside those in which agents work. */
export class Beside {
  readonly #git: Git;
  readonly #open: Open;
  /** By the top folder: until when git is taken to answer in time, or not to. */
  readonly #known = new Map<string, { readonly quick: boolean; readonly until: number }>();

  constructor(git: Git, open: Open) {
    this.#git = git;
    this.#open = open;
  }

  /** Their top folders. `worked`: those in which agents work, which are watched anyway. */
  async roots(worked: ReadonlySet<string>): Promise<readonly string[]> {
    const found = await Promise.all(this.#open.folders().map((folder) => topOf(folder)));
    const roots = [...new Set(found.filter((root) => root !== null))].filter((root) => !this.#isHuge(root));
    // What is lost in a repository inside is told by the alarm of the one around it.
    const watched = [...roots, ...worked];
    const outermost = roots.filter(
      (root) => worked.has(root) || !watched.some((other) => other !== root && holds(other, root)),
    );
    const fit: string[] = [];
    for (const root of outermost) if (worked.has(root) || (await this.#isQuick(root))) fit.push(root);
    return fit;
  }

  /** The next agents try it anew. */
  forget(): void {
    this.#known.clear();
  }

  /** One that begins at the home folder, or above it, holds everything that there is. */
  #isHuge(root: string): boolean {
    const { home } = this.#open;
    return home !== undefined && holds(root, home);
  }

  async #isQuick(root: string): Promise<boolean> {
    const known = this.#known.get(root);
    if (known !== undefined && Date.now() < known.until) return known.quick;
    const asked = { root, folder: root, paths: null, literal: false, untracked: true, ignored: false };
    const quick = (await readStatus(this.#git, { ...asked, timeoutMs: STATUS_MS })) !== null;
    this.#known.set(root, { quick, until: quick ? Infinity : Date.now() + RETRY_MS });
    return quick;
  }
}

async function topOf(folder: string): Promise<string | null> {
  const real = await realpath(folder).catch(() => null);
  return real === null ? null : ((await findRepository(real))?.root ?? null);
}

/** A folder holds itself, too. */
export function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
