import type { EventBody } from "../../extension/events/event.ts";
import { ROOT } from "../panel/events.ts";

/** What an alarm says. */
export const lost: EventBody = {
  type: "notice",
  level: "error",
  problem: {
    code: "restore.loss",
    message:
      "Work is gone, and nothing that was approved explains it: the changes of src/ledger/money.py were discarded (since 14:02:11). At work then: Claude Code.",
    next: "Bring it back with: interlock restore apply 1732197600000-0001",
  },
  loss: { root: ROOT, point: "a", lossPoint: "b", files: ["src/ledger/money.py"] },
};

/** The same, brought back. */
export const lostAndBack: readonly EventBody[] = [
  lost,
  ...(lost.type === "notice" && lost.loss !== undefined
    ? [{ type: "loss.restored" as const, loss: lost.loss, restored: { journal: "j", files: 1 } }]
    : []),
];
