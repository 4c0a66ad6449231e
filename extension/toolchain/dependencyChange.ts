import { type ShellScript, soleCommand } from "../shell/command.ts";
import { baseName } from "../shell/path.ts";
import { type Evidence, ownedBy } from "./evidence.ts";
import { isPlain } from "./row.ts";
import { parseRequirement } from "./pythonNames.ts";

/** A change of dependencies whose outcome can be looked at beforehand. */
export interface DependencyChange {
  readonly manager: "uv" | "bun";
  readonly root: string;
  readonly folder: string;
  /** The words after the manager's name. */
  readonly args: readonly string[];
}

/** Flags that only say in which table, or how to talk. What names an index, a folder or a file is left out. */
const FLAGS = {
  uv: /^(--dev|--quiet|-q|--(group|optional|extra)=[\w.-]+)$/,
  bun: /^(--dev|-d|-D|--exact|-E|--optional|--peer|--save-prod|--silent)$/,
} as const;
/** A package of the registry. Addresses and paths would be fetched before anybody allowed that. */
const BUN_PACKAGE = /^(?:@[\w.~-]+\/)?[\w.~-]+(?:@[\w.^~<>=|*+ -]+)?$/;

/** The change that a line is, where it is one `uv add` or `bun add`, or the like, of packages of the registry; else null. */
export function dependencyChange(
  script: ShellScript,
  evidenceOf: (folder: string) => Evidence,
): DependencyChange | null {
  const only = soleCommand(script);
  const [folder, ...others] = only?.folders ?? [];
  if (only === null || folder === undefined || others.length > 0 || !only.words.every(isPlain)) return null;
  const [program = "", verb = "", ...rest] = only.words.map(({ text }) => text);
  const manager = baseName(program);
  if ((manager !== "uv" && manager !== "bun") || (verb !== "add" && verb !== "remove")) return null;
  const { python, javascript } = evidenceOf(folder);
  const { owner } = manager === "uv" ? python : javascript;
  const known = rest.every((word) => FLAGS[manager].test(word) || isPackage(manager, word));
  if (!ownedBy(owner, manager) || !known) return null;
  return { manager, root: owner.root, folder, args: [verb, ...rest] };
}

function isPackage(manager: "uv" | "bun", word: string): boolean {
  return manager === "uv" ? parseRequirement(word) !== null : BUN_PACKAGE.test(word) && !word.startsWith(".");
}
