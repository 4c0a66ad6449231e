import { relative } from "node:path";
import type { Processes } from "../process/processes.ts";
import type { Language } from "./evidence.ts";
import { type PlannedFile, rehearse } from "./rehearsal.ts";
import type { OfferedSwap } from "./routeScript.ts";
import type { Toolchain } from "./toolchain.ts";

/** What the programs that answer may write, and what they read to know how. */
const COUNTS: Readonly<Record<Language, RegExp>> = {
  python: /\.(?:pyi?|ipynb)$|^(?:pyproject|\.?ruff)\.toml$|^\.editorconfig$|^\.gitignore$/,
  javascript:
    /\.(?:[cm]?[jt]sx?|jsonc?|json5|css|scss|less|html|vue|svelte|md|mdx|ya?ml|graphql)$|^\.(?:oxlintrc|prettierrc|oxfmtrc)|^\.(?:editorconfig|gitignore|prettierignore)$/,
};
/** The programs need a fraction of a second for what can be copied at all. */
const WRITE_MS = 10_000;

/** The project's own program where it has one, as when it answers; before a person agreed nothing of the project is run. */
function answeringProgram({ by, folder, accepted, look }: OfferedSwap, { tools }: Pick<Toolchain, "tools">) {
  if (!accepted && !look?.by) return null;
  return accepted && by !== "bun" ? tools.find(by, folder) : tools.onMachine(by);
}

/**
 * The files that another program would write, found out in a copy; none where it only looks. Empty, too, where it can't be told
 * beforehand: for words that are known only when it runs, places outside of the project, and projects too large for a copy.
 */
export async function wouldWrite(
  swap: OfferedSwap,
  toolchain: Pick<Toolchain, "tools">,
  processes: Pick<Processes, "run">,
): Promise<readonly PlannedFile[]> {
  const { writes, root, folder, language } = swap;
  const program = answeringProgram(swap, toolchain);
  // Beside the copy lies nothing of the project's: such a path would be somebody else's file.
  if (program === null || writes === null || writes.some((word) => leavesProject(word, root))) return [];
  const planned = await rehearse(
    {
      root,
      folder: relative(root, folder),
      counts: (name) => COUNTS[language].test(name),
      command: [program.path, ...writes],
      // 1: it wrote what it could, and something is left to be said.
      worked: (code) => code === 0 || code === 1,
      timeoutMs: WRITE_MS,
    },
    processes,
  );
  return planned ?? [];
}

function leavesProject(word: string, root: string): boolean {
  if (word.startsWith("/")) return word !== root && !word.startsWith(`${root}/`);
  return word.split("/").includes("..") || word.startsWith("~");
}
