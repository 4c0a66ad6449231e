import { isWithoutRules, type PolicyInForce } from "../policy/decide.ts";
import { MODES } from "../policy/rules.ts";
import { parseArgv } from "../shell/parse.ts";
import { quoteAll } from "../shell/quote.ts";
import type { CommandAct } from "./act.ts";
import { type Considering, judgeUnseen } from "./considered.ts";

/** What passes in any folder, whatever lies there. */
export interface Beforehand {
  /** The same words, nothing else. */
  readonly words: boolean;
  /** Words like them too, as far as the built-in rules go: no policy says anything about names, folders or hosts. */
  readonly like: boolean;
}

/** The rules that count at a moment. */
export interface PolicyNow {
  readonly policy: PolicyInForce;
  /** Where they are written, whether anything lies there or not. */
  readonly policyFiles: readonly string[];
  readonly roots: readonly string[];
}

/** Folders for trying: one that exists nowhere is like any other to what isn't looked up on the disk. */
const SOMEWHERE = "/nowhere/at/all";

/**
 * Whether the door will let a program with these arguments through, known without asking it: it only reads, needs no look at the
 * disk, is sent nowhere else, and passes in each mode. What a person has allowed since doesn't count, nor what they opened.
 */
export function beforehand(argv: readonly string[], using: Considering): Beforehand {
  const line = quoteAll(argv);
  const folders = [...using.around.roots, SOMEWHERE];
  const { environment: _opened, stands: _stands, ...strict } = using;
  const results = folders.flatMap((cwd) => {
    const act: CommandAct = { kind: "command", line, argv, cwd, env: {} };
    return MODES.map((mode) => judgeUnseen(act, Object.assign(strict, { mode })));
  });
  const isRouted = folders.some((cwd) => {
    const script = parseArgv(argv, { cwd });
    const isAsked = (using.swaps?.(script) ?? []).length > 0;
    return isAsked || (using.route(script) ?? using.suggest?.(script) ?? null) !== null;
  });
  const passes = results.every(
    ({ judgement: { verdict }, basis: { analysis, scripts } }) =>
      !isRouted &&
      verdict === "allow" &&
      scripts.every(({ unclear }) => unclear.length === 0) &&
      analysis.effects.every(
        ({ kind, needs, also = [], looks = [], standing }) =>
          kind === "read" && needs.length + also.length + looks.length === 0 && standing === undefined,
      ),
  );
  const names = results.some(({ basis }) =>
    basis.analysis.effects.some(({ paths = [] }) => paths.length > 0),
  );
  const ruled = using.policy !== undefined && !isWithoutRules(using.policy);
  return { words: passes && !(names && ruled), like: passes && !ruled };
}
