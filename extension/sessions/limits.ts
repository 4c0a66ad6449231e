import * as l10n from "@vscode/l10n";
import type { Problem } from "../errors.ts";
import { findRepository } from "../git/repository.ts";
import { hasProject } from "../toolchain/doctor.ts";
import type { Toolchain } from "../toolchain/toolchain.ts";
import type { SessionHost, SessionPlace } from "./host.ts";
import type { EventStream } from "./stream.ts";

/** Tells, as a session opens, what does not hold where it works. */
export async function tellLimits(
  host: Pick<SessionHost, "limits">,
  place: SessionPlace,
  stream: Pick<EventStream, "notice">,
): Promise<void> {
  for (const problem of await host.limits(place).catch(() => [])) stream.notice("info", problem);
}

/** What does not hold in a folder, each told once when a session opens there. */
export async function limitsOf(
  { tree: root, cwd }: SessionPlace,
  toolchain: Toolchain,
): Promise<readonly Problem[]> {
  const limits: Problem[] = [];
  const history = await historyLimit(cwd, toolchain);
  if (history !== null) limits.push(history);
  if (!(await hasProject(toolchain, root))) limits.push(noProject());
  return limits;
}

/** What keeps a folder's files from having earlier versions; null where git has them. */
export async function historyLimit(cwd: string, toolchain: Toolchain): Promise<Problem | null> {
  if (toolchain.tools.find("git", cwd) === null) return noGit();
  return (await findRepository(cwd)) === null ? noRepository() : null;
}

function noGit(): Problem {
  return {
    code: "place.no-git",
    message: l10n.t("git was not found, so it can't be seen what a command would lose."),
    next: l10n.t("Until it is installed, whatever deletes or overwrites files asks first."),
  };
}

function noRepository(): Problem {
  return {
    code: "place.no-repository",
    message: l10n.t(
      "This folder is in no git repository: nothing in it has an earlier version to go back to.",
    ),
    next: l10n.t("Whatever deletes or overwrites files asks first. `git init` and a commit change that."),
  };
}

function noProject(): Problem {
  return {
    code: "place.no-project",
    message: l10n.t("No Python or JavaScript project was found in this folder."),
    next: l10n.t("Commands run as they are asked, and the checks wait for files that they know."),
  };
}
