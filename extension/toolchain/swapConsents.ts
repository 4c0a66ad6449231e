import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import * as z from "zod/mini";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../state/directory.ts";
import { withLock } from "../state/lock.ts";
import type { OfferedSwap } from "./routeScript.ts";
import type { Swap } from "./row.ts";

/** Whether another program may answer for one that a project doesn't have. `ask`: once a person has accepted it there. */
export type SwapMode = "ask" | "on" | "off";

const consentFile = z.object({
  version: z.literal(1),
  /** The project that it is about. */
  root: z.string(),
  /** The swaps that a person accepted: the ids of their rows, and the programs as they were shown. */
  accepted: z.array(z.object({ rule: z.string(), tool: z.string(), by: z.string() })),
  /** True where none is to be offered any more. */
  never: z.boolean(),
});

/** A swap that a person accepted. */
type Accepted = z.infer<typeof consentFile>["accepted"][number];

/** What a person said of other programs in a project. */
export interface SwapConsent {
  readonly accepted: readonly Accepted[];
  readonly never: boolean;
}

export interface SwapChoices {
  /** True where the other program answers without being asked about. */
  readonly accepts: (swap: Swap) => boolean;
  /** Of the swaps of a line, those that are made, and those that a person is to be asked about. */
  readonly open: (swaps: readonly OfferedSwap[]) => readonly OfferedSwap[];
}

const NOTHING_SAID: SwapConsent = { accepted: [], never: false };

type InProject = Pick<Swap, "root" | "rule">;

/** Where a session works: the project, as it was opened, and the folders in which it may work, such as a worktree. */
interface Place {
  readonly project: string;
  readonly trees: readonly string[];
}

/** A swap as it is remembered: in a worktree it is that of the same folder of the project. */
export function inProject<Any extends InProject>(swap: Any, { project, trees }: Place): Any {
  const tree = trees.find((each) => swap.root === each || swap.root.startsWith(`${each}/`));
  return tree === undefined ? swap : { ...swap, root: join(project, relative(tree, swap.root)) };
}

/**
 * What a person said once for a project of programs that answer for others. In the shared state, so that it holds for all
 * windows; a file that can't be read says nothing.
 */
export class SwapConsents {
  readonly #folder: string;
  readonly #kept = new Map<string, { readonly stamp: string; readonly consent: SwapConsent }>();

  constructor(stateDirectory: string) {
    this.#folder = join(stateDirectory, "swaps");
  }

  of(root: string): SwapConsent {
    const path = this.#path(root);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return NOTHING_SAID;
    const stamp = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
    const kept = this.#kept.get(root);
    if (kept?.stamp === stamp) return kept.consent;
    const consent = read(path, root);
    this.#kept.set(root, { stamp, consent });
    return consent;
  }

  /** What counts where a session works, as a person has set it. Their never counts in each mode: it was said of the project. */
  choices(mode: SwapMode, place: Place): SwapChoices {
    const said = (swap: Swap): SwapConsent => this.of(inProject(swap, place).root);
    const accepts = (swap: Swap): boolean => {
      if (mode === "off") return false;
      const { accepted, never } = said(swap);
      return !never && (mode === "on" || accepted.some(({ rule }) => rule === swap.rule));
    };
    const open = (swap: OfferedSwap): boolean => swap.accepted || (mode === "ask" && !said(swap).never);
    return { accepts, open: (swaps) => swaps.filter(open) };
  }

  accept({ root, rule, tool, by }: Pick<Swap, "root" | "rule" | "tool" | "by">): Promise<void> {
    return this.#change(root, ({ accepted }) => {
      const others = accepted.filter((each) => each.rule !== rule);
      return { accepted: [...others, { rule, tool, by }], never: false };
    });
  }

  never(root: string): Promise<void> {
    return this.#change(root, () => ({ accepted: [], never: true }));
  }

  /** It is asked about again from now on; `rule` null: all of it. */
  revoke(root: string, rule: string | null): Promise<void> {
    return this.#change(root, ({ accepted, never }) => ({
      accepted: rule === null ? [] : accepted.filter((each) => each.rule !== rule),
      never: rule !== null && never,
    }));
  }

  /** Of two windows that change it at the same time, both count. */
  async #change(root: string, change: (consent: SwapConsent) => SwapConsent): Promise<void> {
    await privateFolder(this.#folder);
    const path = this.#path(root);
    await withLock(`${path}.lock`, async () => {
      const content = { version: 1, root, ...change(read(path, root)) };
      await writeAtomically(path, `${JSON.stringify(content)}\n`, { mode: PRIVATE_FILE, sync: true });
    });
  }

  #path(root: string): string {
    return join(this.#folder, `${createHash("sha256").update(root).digest("hex").slice(0, 32)}.json`);
  }
}

function read(path: string, root: string): SwapConsent {
  try {
    const { data } = consentFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return data?.root === root ? { accepted: data.accepted, never: data.never } : NOTHING_SAID;
  } catch {
    return NOTHING_SAID;
  }
}
