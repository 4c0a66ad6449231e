import type { EventBody } from "../../extension/events/event.ts";
import { ROOT, SESSION } from "../panel/events.ts";

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

/** A commit or an entry of the stash, with a hash made of its subject. */
export function lostRevision(kind: "commit" | "stash", subject: string) {
  return {
    kind,
    root: ROOT,
    id: `${Buffer.from(subject).toString("hex")}${"0".repeat(40)}`.slice(0, 40),
    subject,
  };
}

/** Would lose more commits than are named, with entries of the stash. */
export const commitsLoss: EventBody = {
  type: "approval.opened",
  approval: {
    id: "p1",
    session: SESSION,
    call: "held",
    openedAt: Date.now() - 14_000,
    kind: "loss",
    act: "command",
    asked: "git stash clear && git branch -D feature/export",
    cwd: ROOT,
    rule: "git.stash.drop",
    reason: "Drops stashed work.",
    choices: ["allow-once", "reject", "reject-stop"],
    reasonGoes: "prompt",
    loss: {
      root: ROOT,
      files: [{ path: "notes.md", state: "untracked", added: 12, removed: 0 }],
      fileCount: 1,
      commits: 23,
      stashes: 1,
      revisions: [
        lostRevision("commit", "Export reports as CSV, with a header row and quoting as RFC 4180 has it"),
        ...Array.from({ length: 19 }, (_, n) => lostRevision("commit", `${19 - n} Look at a fixture`)),
        lostRevision("stash", "On main: half of the importer"),
      ],
      complete: true,
    },
  },
};
