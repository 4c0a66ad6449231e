import type { Act } from "./act.ts";
import type { Landing } from "../restore/bringing/landing.ts";
import { quoteAll } from "../shell/quote.ts";

/** What an agent would have to run for the same: it is judged as that. */
export function landingAct(how: Landing, branch: string, folder: string): Act & { readonly line: string } {
  const argv = how === "merge" ? ["git", "merge", branch] : ["git", "commit", "--all"];
  return { kind: "command", line: quoteAll(argv), argv, cwd: folder, env: {} };
}
