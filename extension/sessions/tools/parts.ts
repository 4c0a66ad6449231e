import { resolve } from "node:path";
import { InterlockError } from "../../errors.ts";
import type { Considered } from "../../door/considered.ts";
import type { CommandAct } from "../../door/act.ts";
import type { GateKeeper, SessionPlace } from "../host.ts";
import type { GateResult } from "../../gates/gate.ts";
import type { Point } from "../../restore/points/point.ts";
import type { Toolchain } from "../../toolchain/toolchain.ts";
import { isWithin } from "../../toolchain/folders.ts";

/** What the tools of one session see of it. */
export interface ToolParts {
  readonly place: SessionPlace;
  readonly toolchain: Pick<Toolchain, "evidence" | "tools">;
  /** Those of the folder that the session works in now. */
  readonly gates: () => GateKeeper;
  /** The points that were taken for this session. */
  readonly points: () => Promise<readonly Point[]>;
  /** What would become of a command, without doing or asking anything. */
  readonly consider: (act: CommandAct, signal: AbortSignal) => Promise<Considered>;
  /** What a look found, for the row of its command. */
  readonly onResults: (call: string, turn: number, results: readonly GateResult[]) => void;
}

/** A folder that an agent names; relative to the session's own. */
export function folder({ cwd }: SessionPlace, named: string | undefined): string {
  return named === undefined ? cwd : resolve(cwd, named);
}

/** A folder of the project: whose tools and findings are the session's to see. */
export function ownFolder(place: SessionPlace, named: string | undefined): string {
  const path = folder(place, named);
  if (isWithin(place.tree, path)) return path;
  throw new InterlockError({
    code: "mcp.outside",
    message: `${path} is not in the project.`,
    next: `Name a folder inside of ${place.tree}.`,
  });
}

/** Files or folders of the project, absolute. */
export function ownPaths(place: SessionPlace, cwd: string, named: readonly string[]): readonly string[] {
  return named.map((path) => ownFolder(place, resolve(cwd, path)));
}
