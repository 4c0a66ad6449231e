import type { ProgramCall } from "../call.ts";

/** A branch that is protected here, or by the remote's word, is a person's to move and to delete. */
export function writesBranch(call: ProgramCall, ref: string): void {
  if (/^refs\/(?!heads\/)/.test(ref)) return;
  const branches = [ref.replace(/^refs\/heads\//, "")];
  call.addByState("git.ref.protected", (folder) => ({ fact: "branch", folder }), { branches });
}
