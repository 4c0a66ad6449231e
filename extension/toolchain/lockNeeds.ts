import type { SimpleCommand } from "../shell/command.ts";
import { baseName, resolvePath } from "../shell/path.ts";
import { installsAll } from "./bunInstall.ts";
import { type Evidence, ownedBy } from "./evidence.ts";
import { isLiteral } from "./row.ts";
import { installsProject } from "./pipWords.ts";
import { type UvWords, uvWords } from "./uvWords.ts";

/** What a command uses a lock for: to run in what it pins, to install that, or to tell of it. */
export type LockUse = "run" | "install" | "read";

/** A command that works by a project's lock. */
export interface LockNeed {
  readonly manager: "uv" | "bun";
  /** The folder of the lock. */
  readonly root: string;
  readonly use: LockUse;
  /** A script that may bring dependencies of its own, and then needs no lock. */
  readonly script?: string;
  /** True where it does harm only without a lock: with one it was sent to its owner, or changes dependencies. */
  readonly onlyMissing?: true;
}

/** The locks by which a command works, in each folder that it can run in. */
export function lockNeeds(
  { words, folders }: SimpleCommand,
  evidenceOf: (folder: string) => Evidence,
): readonly LockNeed[] {
  const [head, ...args] = words;
  if (!isLiteral(head)) return [];
  const program = baseName(head.text);
  const uv = program === "uv" ? uvWords(args) : null;
  return (folders ?? []).flatMap((folder) => {
    const evidence = evidenceOf(resolvePath(folder, uv?.folder ?? "."));
    if (!evidence.exists) return [];
    const isOther = uv === null || uv.verb === "pip";
    const need = isOther ? byOther(program, args, evidence) : byUv(uv, folder, evidence);
    return need === null ? [] : [need];
  });
}

const UV_USES: Readonly<Record<string, LockUse>> = {
  run: "run",
  sync: "install",
  export: "read",
  tree: "read",
};

function byUv(words: UvWords, folder: string, { python }: Evidence): LockNeed | null {
  const use = Object.hasOwn(UV_USES, words.verb) ? UV_USES[words.verb] : undefined;
  if (use === undefined || words.apart || !ownedBy(python.owner, "uv") || python.manifest?.broken)
    return null;
  // What is only told may come from the lock as it is.
  if (use === "read" && words.flags.includes("--frozen")) return null;
  const [operand] = words.operands;
  const script =
    use === "run" && isLiteral(operand) && operand.text.endsWith(".py")
      ? { script: resolvePath(folder, operand.text) }
      : {};
  return { manager: "uv", root: python.owner.root, use, ...script };
}

function byOther(
  program: string,
  args: SimpleCommand["words"],
  { python, javascript }: Evidence,
): LockNeed | null {
  if (
    ownedBy(python.owner, "uv") &&
    python.owner.proof.what !== "uv.lock" &&
    installsProject(program, args)
  ) {
    return { manager: "uv", root: python.owner.root, use: "install", onlyMissing: true };
  }
  if (!ownedBy(javascript.owner, "bun") || javascript.manifest === null) return null;
  if (javascript.manifest.broken !== null || javascript.rootManifest?.broken) return null;
  if (!installsAll(program, args)) return null;
  const { root } = javascript.owner;
  return {
    manager: "bun",
    root,
    use: "install",
    ...(program === "bun" ? {} : { onlyMissing: true as const }),
  };
}
