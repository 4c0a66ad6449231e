import { resolve } from "node:path";
import { InterlockError } from "../../errors.ts";
import type { Considered } from "../../door/considered.ts";
import type { CommandAct } from "../../door/act.ts";
import type { SessionPlace } from "../host.ts";
import type { Trees } from "../trees.ts";
import type { GateResult } from "../../gates/gate.ts";
import type { Point } from "../../restore/points/point.ts";
import type { Toolchain } from "../../toolchain/toolchain.ts";
import { isWithin } from "../../toolchain/folders.ts";

/** What the tools of one session see of it. */
export interface ToolParts {
  readonly place: SessionPlace;
  readonly toolchain: Pick<Toolchain, "evidence" | "tools">;
  /** The folders that the session works in, and the gates of the last. */
  readonly trees: Pick<Trees, "gates" | "roots">;
  /** The points that were taken for this session, oldest first. */
  readonly points: () => Promise<readonly Point[]>;
  /** What would become of a command, without doing or asking anything. */
  readonly consider: (act: CommandAct, signal: AbortSignal) => Promise<Considered>;
  /** What a look found, for the row of its command. */
  readonly onResults: (call: string, turn: number, results: readonly GateResult[]) => void;
}

type Where = Pick<ToolParts, "place" | "trees">;

/** A folder that an agent names; relative to the session's own. */
export function folder({ cwd }: SessionPlace, named: string | undefined): string {
  return named === undefined ? cwd : resolve(cwd, named);
}

/** The session's tree that a path lies in; a worktree can lie inside of the folder that was opened. */
export function rootOf({ roots }: Pick<Trees, "roots">, path: string): string {
  return roots.find((root) => isWithin(root, path)) ?? roots[0] ?? path;
}

/** A folder of the project: whose tools and findings are the session's to see. */
export function ownFolder({ place, trees }: Where, named: string | undefined): string {
  const path = folder(place, named);
  if (trees.roots.some((root) => isWithin(root, path))) return path;
  throw new InterlockError({
    code: "mcp.outside",
    message: `${path} is not in the project.`,
    next: `Name a folder inside of ${trees.roots.join(" or ")}.`,
  });
}

/** Files or folders of the project, absolute. */
export function ownPaths(where: Where, cwd: string, named: readonly string[]): readonly string[] {
  return named.map((path) => ownFolder(where, resolve(cwd, path)));
}
