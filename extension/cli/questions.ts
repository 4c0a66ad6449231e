import type { App } from "../app.ts";
import type { Approval } from "../approvals/approval.ts";

/** Nobody is there to ask: each question is refused as it opens, and told. */
export function refuseQuestions(
  { approvals }: Pick<App, "approvals">,
  onRefused: (asked: Approval) => void,
): void {
  approvals.onChange((change) => {
    if (change.type !== "opened") return;
    onRefused(change.approval);
    approvals.settle(change.approval.id, "reject", "nobody-there");
  });
}
