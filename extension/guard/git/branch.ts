import type { ProgramCall } from "../call.ts";

/** A branch that is protected here, or by the remote's word, is a person's to move, and not to be deleted by an agent. */
export function writesBranch(
  call: ProgramCall,
  ref: string,
  rule: "git.ref.protected" | "git.ref.delete.protected" = "git.ref.protected",
): void {
  if (/^refs\/(?!heads\/)/.test(ref)) return;
  const branches = [ref.replace(/^refs\/heads\//, "")];
  call.addByState(rule, (folder) => ({ fact: "branch", folder }), { branches });
}
