import { isPattern } from "../sequence.ts";
import type { ShellRedirect, SimpleCommand } from "../../shell/command.ts";
import { outputOf } from "../../shell/output.ts";
import { isInside } from "../../shell/path.ts";
import type { Effect } from "../effect.ts";
import { resolveAll } from "../places.ts";
import type { CodeAnswer, CodeQuery, Look } from "./lookup.ts";

/** Files that name what can be run. */
const MANIFEST = /\/(package\.json|(GNUm|m|M)akefile)$/;

/** What of git changes files of the working tree. */
const CHANGES_FILES =
  /^git (pull|checkout|switch|merge|rebase|apply|am|stash|cherry-pick|revert|restore|reset|bisect)\b/;

/**
 * Files that earlier commands of the same line write: what lies in them when they are looked into is not what will
 * run. Where the line says what it writes, that is what will.
 */
export class WrittenCode {
  readonly #texts = new Map<string, CodeAnswer>();
  #anything = false;
  /** The project's own programs ran: they make files, and leave alone what names them. */
  #generated = false;

  /** What is known of code at this point of the line. */
  looking(look: Look | undefined): Look {
    return (query) => this.#answer(query) ?? (query.written === true ? undefined : look?.(query));
  }

  #answer({ paths, settled }: CodeQuery): CodeAnswer | undefined {
    for (const path of paths) {
      // What was written last counts: a folder first, and then a file in it.
      const own = [...this.#texts].findLast(([written]) => isInside(written, path));
      if (own === undefined) continue;
      const [written, answer] = own;
      return typeof answer === "object" && written !== path ? "unreadable" : answer;
    }
    if (settled === true) return undefined;
    const isManifest = paths.every((path) => MANIFEST.test(path));
    return this.#anything || (this.#generated && !isManifest) ? "unreadable" : undefined;
  }

  add(command: SimpleCommand, effects: readonly Effect[]): void {
    const text = outputOf(command);
    const unread = effects.some(({ kind }) => kind === "network") ? "fetched" : "unreadable";
    const isOwn = effects.some(({ rule }) => rule === "run.project");
    for (const { kind, rule, words, paths, at, moved } of effects) {
      if (/^chmod\b/.test(words)) continue;
      const places = [...(paths ?? []), ...(at === undefined ? [] : [at.path]), ...(moved?.to ?? [])];
      const writes = kind === "write" || kind === "overwrite" || kind === "write.outside";
      if (writes && rule !== "fs.write.temporary" && places.length === 0) {
        if (isOwn) this.#generated = true;
        else this.#anything = true;
      }
      if (rule === "git.write" && CHANGES_FILES.test(words)) this.#anything = true;
      if (!writes) continue;
      for (const path of places) {
        if (isPattern(path)) this.#anything = true;
        const isWhole = text !== null && holdsAll(command.redirects, command, path);
        this.#texts.delete(path);
        this.#texts.set(path, isWhole ? { path, text, hash: "" } : unread);
      }
    }
  }
}

/** The one thing that a command writes is its output, to this file. */
function holdsAll(redirects: readonly ShellRedirect[], { folders }: SimpleCommand, path: string): boolean {
  const [only, ...others] = redirects.filter(({ mode }) => mode !== "read");
  if (only === undefined || others.length > 0 || only.mode !== "write" || !only.target.known) return false;
  return folders?.length === 1 && resolveAll(folders, only.target.text)[0] === path;
}
