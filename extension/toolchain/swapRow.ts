import * as l10n from "@vscode/l10n";
import type { ShellWord } from "../shell/command.ts";
import type { Language } from "./evidence.ts";
import { type FlagTable, readFlags } from "./flags.ts";
import { isOwnBelow, type Places } from "./ownBelow.ts";
import { type Asked, isPlain, type Piece, type Row, type RunnerName, type Swap } from "./row.ts";

/** What a line asks of a program that its project doesn't have. */
export interface Lacking {
  /** The folder of the project that doesn't have it. */
  readonly root: string;
  /** The words after the program's name. */
  readonly args: readonly ShellWord[];
  /** What to type for the program that answers. */
  readonly runner: readonly Piece[];
}

export interface SwapParts {
  readonly id: string;
  readonly language: Language;
  /** The program that is asked. */
  readonly tool: string;
  /** The package that brings it, where that has another name. */
  readonly package?: string;
  readonly by: RunnerName;
  /** What its configuration is evidence of, where that has another name. */
  readonly configuredAs?: string;
  /** Further programs by which it can be asked. */
  readonly through: readonly string[];
  readonly lacks: (asked: Asked) => Lacking | null;
  readonly flags: FlagTable;
  readonly command: (flags: readonly string[], paths: readonly ShellWord[]) => readonly Piece[] | null;
  /** Flags without which the program that answers only looks; or those by which it does, where it would write without them. */
  readonly writes?: { readonly by: readonly string[] } | { readonly unless: readonly string[] };
  /** How both are had look at the same words, writing nothing; left out where looking would run the project's code. */
  readonly look?: Look;
}

interface Look {
  /** With no word of the project's own configuration: that may be code. Null for a program that can't be told so. */
  readonly asked: ((args: readonly string[]) => readonly string[]) | null;
  readonly by: (args: readonly string[]) => readonly string[];
}

interface Answer {
  readonly lacking: Lacking;
  readonly words: readonly Piece[];
  /** Where the files are that it names. */
  readonly at: Places;
}

/** Programs that answer, and whose configuration in a project may be code. */
const RUNS_CODE: ReadonlySet<RunnerName> = new Set(["oxlint"]);

/** A row by which another program answers for one that the project doesn't have. */
export function swapRow(parts: SwapParts): Row {
  const { id, language, tool, by, through, lacks, flags, command } = parts;
  const named = { package: parts.package ?? tool, configuredAs: parts.configuredAs ?? tool };
  const find = (asked: Asked): Answer | null => {
    const lacking = lacks(asked);
    const read = lacking && readFlags(lacking.args, flags);
    const words = read && command(read.flags, read.operands);
    if (!lacking || !words) return null;
    // Which files it will be handed is known only when it runs: they may be any.
    const folder = asked.command.openEnded ? lacking.root : asked.folder;
    const at = { root: lacking.root, folder, words: read.operands.map(({ text }) => text) };
    return isOwnBelow(named, at) ? null : { lacking, words, at };
  };
  // Both what runs and what a person has to agree to are asked of the same command.
  const found = new WeakMap<Asked, Answer | null>();
  const answer = (asked: Asked): Answer | null => {
    const known = found.get(asked);
    if (known !== undefined) return known;
    const answered = find(asked);
    found.set(asked, answered);
    return answered;
  };
  return {
    id,
    kind: "swap",
    language,
    programs: [tool, ...through],
    build(asked) {
      const answered = answer(asked);
      return answered && [...answered.lacking.runner, ...answered.words];
    },
    reason: () => l10n.t("The project has no {0}: {1} answers in its place.", tool, by),
    swap(asked): Swap | null {
      const answered = answer(asked);
      if (answered === null) return null;
      const { root, args } = answered.lacking;
      const [before, after] = [textsOf(args), textsOf(answered.words)];
      const known = before !== null && after !== null;
      const { look } = parts;
      const runsCode = RUNS_CODE.has(by) && isConfigured(asked, by, answered.at);
      return {
        rule: id,
        root,
        tool,
        package: named.package,
        by,
        language,
        folder: asked.folder,
        look:
          known && look
            ? { asked: look.asked?.(before) ?? null, by: runsCode ? null : look.by(after) }
            : null,
        writes: known && doesWrite(parts, after) ? after : null,
      };
    },
  };
}

function isConfigured({ evidence }: Asked, by: RunnerName, at: Places): boolean {
  return evidence.javascript.configured.has(by) || isOwnBelow({ package: by, configuredAs: by }, at);
}

function doesWrite({ writes }: SwapParts, words: readonly string[]): boolean {
  if (writes === undefined) return false;
  return "by" in writes
    ? words.some((word) => writes.by.includes(word))
    : !words.some((word) => writes.unless.includes(word));
}

/** The words as a program is given them; null where one is known only when it runs. */
function textsOf(pieces: readonly Piece[]): readonly string[] | null {
  const texts = pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    return isPlain(piece) ? piece.text : null;
  });
  return texts.every((text) => text !== null) ? texts : null;
}

/** A look that says the same words to a program. */
export const asAsked = (args: readonly string[]): readonly string[] => args;

/** The words without some of them, and then others. */
export function changed(without: readonly string[], ...more: readonly string[]) {
  return (args: readonly string[]): readonly string[] => [
    ...more,
    ...args.filter((word) => !without.includes(word)),
  ];
}
