import * as l10n from "@vscode/l10n";
import { bunProject } from "./bunProject.ts";
import { type Asked, isLiteral, type Row } from "./row.ts";
import { uvProject } from "./uvProject.ts";
import { uvWords } from "./uvWords.ts";

/** Commands of uv that take `--locked`, and write the lock anew without it. */
const LOCKABLE = new Set(["run", "sync", "export", "tree"]);
/** Who says one of these has said how the lock is to be taken, or wants it changed. */
const CHOSEN = new Set(
  "--locked --frozen --check --upgrade -U --upgrade-package -P --dry-run --no-lock --directory --project".split(
    " ",
  ),
);
/** Flags of `bun install` beside which the lock stays what it is, and may be insisted on. */
const FREEZABLE = new Set(
  "--production -p --silent --quiet --verbose --no-progress --no-summary --ignore-scripts --prefer-offline".split(
    " ",
  ),
);

/** The owner's own commands, which say nothing of the lock: they go by it, and don't write another. */
export const LOCKED_ROWS: readonly Row[] = [
  {
    id: "uv.locked",
    kind: "same",
    language: "python",
    programs: ["uv"],
    build(asked) {
      const project = uvProject(asked.evidence);
      const [uv, verb, ...rest] = asked.command.words;
      if (project === null || uv === undefined || !isLiteral(verb) || !LOCKABLE.has(verb.text)) return null;
      const words = uvWords(asked.args);
      if (words === null || words.apart || words.flags.some((flag) => CHOSEN.has(flag))) return null;
      // A script may bring dependencies, and then a lock, of its own: uv would insist on that one.
      if (verb.text === "run" && /\.pyw?$/.test(words.operands[0]?.text ?? "")) return null;
      const asItIs = asked.asItIs(project.root);
      if (!project.locked && !asItIs) return null;
      return [
        uv,
        verb,
        ...(asItIs ? [verb.text === "run" ? "--no-sync" : "--frozen"] : ["--locked"]),
        ...rest,
      ];
    },
    reason: () => l10n.t("uv.lock pins what this project needs: it is not written anew by the way."),
  },
  {
    id: "bun.frozen",
    kind: "same",
    language: "javascript",
    programs: ["bun"],
    build(asked) {
      const project = bunProject(asked.evidence);
      if (project === null || !project.locked || !isBareInstall(asked)) return null;
      const [bun, , ...rest] = asked.command.words;
      return bun === undefined ? null : [bun, "install", "--frozen-lockfile", ...rest];
    },
    reason: () => l10n.t("bun's lock pins what this project needs: it is not written anew by the way."),
  },
];

function isBareInstall({ args }: Asked): boolean {
  const [verb, ...flags] = args;
  if (!isLiteral(verb) || (verb.text !== "install" && verb.text !== "i")) return false;
  return flags.every((word) => isLiteral(word) && FREEZABLE.has(word.text));
}
