import type { EffectKind } from "../guard/effect.ts";
import type { Loss } from "../guard/loss.ts";

/** What a yes for the session covers: acts of this kind, here, with no other effects. */
export interface KindScope {
  /** The rule that asked. */
  readonly rule: string;
  /** The kind of act: a program with its subcommand, a folder of files, or the whole text. */
  readonly kind: string;
  readonly cwd: string;
  /** Kinds of effect. */
  readonly effects: readonly string[];
}

/** Kinds that are remembered. More is no list that anyone remembers having agreed to. */
const MAX_KINDS = 100;

/** What is asked each time, whatever a person said before: it can't be taken back, or opens the door itself. */
const ALWAYS_ASKED: ReadonlySet<EffectKind> = new Set<EffectKind>([
  "secret",
  "git.history",
  "git.push.force",
  "publish",
  "remote.change",
  "privilege",
  "interlock",
]);

/** True where a yes for the session can be offered, and where one that was given holds. */
export function canLast(
  ask: "loss" | "unclear" | "change",
  effects: readonly EffectKind[],
  loss: Loss | null,
): boolean {
  return ask !== "loss" && losesNothing(loss) && !effects.some((effect) => ALWAYS_ASKED.has(effect));
}

function losesNothing(loss: Loss | null): boolean {
  return loss === null || (loss.complete && loss.fileCount === 0 && loss.commits === 0 && loss.stashes === 0);
}

/** A kind of act, with the words that a person reads of it. */
export interface AllowedKind {
  readonly scope: KindScope;
  readonly covers: string;
}

/** The kinds of act that a person allowed to one session, until it ends. */
export class Kinds {
  #allowed: readonly (AllowedKind & { readonly id: string })[] = [];
  #count = 0;

  get allowed(): readonly (AllowedKind & { readonly id: string })[] {
    return this.#allowed;
  }

  allow({ scope, covers }: AllowedKind): void {
    this.#allowed = [...this.#allowed, { id: `kind-${++this.#count}`, scope, covers }].slice(-MAX_KINDS);
  }

  revoke(id: string): void {
    this.#allowed = this.#allowed.filter((allowed) => allowed.id !== id);
  }

  /** To be asked of each act anew; what it would lose is for `canLast` to say. */
  cover(scope: KindScope): boolean {
    return this.#allowed.some(
      ({ scope: allowed }) =>
        allowed.rule === scope.rule &&
        allowed.kind === scope.kind &&
        allowed.cwd === scope.cwd &&
        scope.effects.every((effect) => allowed.effects.includes(effect)),
    );
  }
}
