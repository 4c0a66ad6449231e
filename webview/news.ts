import * as l10n from "@vscode/l10n";
import { lossLine, visible, visibleProse, type Op, type Row } from "../extension/panel/protocol.ts";
import { spoken } from "./markdown/spoken.ts";
import type { Store } from "./store.ts";
import { count } from "./text/format.ts";
import { findings, gateMark, gateName, sessionMark } from "./text/words.ts";
import { question } from "./views/approvals.ts";

/** Characters of an agent's answer that are read out when its turn ends, and of the Markdown that they are taken from. */
const ANSWER_CHARACTERS = 500;
const ANSWER_MARKDOWN = 2_000;

export interface News {
  /** Said at once: what waits for an answer. */
  readonly now: readonly string[];
  /** Said when there is time. */
  readonly later: readonly string[];
}

/** What a patch brings that a person who can't see the page should hear. Text that streams is not among it. */
export function newsOf(
  ops: readonly Op[],
  before: Pick<Store, "header" | "approvals" | "gates" | "conversation">,
): News {
  const now: string[] = [];
  const later: string[] = [];
  for (const op of ops) {
    switch (op.op) {
      case "approvals":
        for (const card of op.approvals) {
          if (before.approvals.some((known) => known.id === card.id && known.over === card.over)) continue;
          if (card.over === true) {
            later.push(`${question(card)}. ${l10n.t("Not run.")}`);
            continue;
          }
          const told = [visible(card.asked), visibleProse(card.reason), lossLine(card.loss, count)];
          now.push([`${question(card)}:`, ...told.filter((part) => part !== "")].join(" "));
        }
        break;
      case "gates":
        for (const chip of op.gates) {
          const known = before.gates.find((other) => other.gate === chip.gate);
          const ended = chip.state === "passed" || chip.state === "failed";
          if (!ended || (known?.state === chip.state && known.findings === chip.findings)) continue;
          const found = chip.state === "failed" ? `, ${findings(chip.findings)}` : "";
          later.push(`${gateName(chip.gate)}: ${gateMark(chip).word}${found}`);
        }
        break;
      case "header":
        // The end of a turn has its own row; the other states are told here.
        if (op.header.state !== before.header?.state && !["ready", "working"].includes(op.header.state)) {
          later.push(`${visibleProse(op.header.agent)}: ${sessionMark(op.header, false).word}`);
        }
        break;
      case "row":
        later.push(...rowNews(op.row, op.index, before));
        break;
      default:
    }
  }
  return { now, later };
}

function rowNews(
  row: Row,
  index: number,
  { header, conversation }: Pick<Store, "header" | "conversation">,
): string[] {
  if (conversation.find(index) !== undefined) return [];
  if (row.type === "notice" && row.level !== "info") return [`${row.problem.message} ${row.problem.next}`];
  if (row.type !== "turn") return [];
  const last = conversation.entries.findLast((entry) => entry.row.type === "agent")?.row;
  const answer =
    last?.type === "agent" ? spoken(last.text.slice(0, ANSWER_MARKDOWN)).slice(0, ANSWER_CHARACTERS) : "";
  return [l10n.t("{0} is done. {1}", visibleProse(header?.agent ?? ""), answer)];
}
