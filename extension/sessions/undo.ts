import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import type { Approval } from "../approvals/approval.ts";
import { isNamed, LIMITS } from "../restore/points/limits.ts";
import { isWithin } from "../toolchain/folders.ts";

type Loss = NonNullable<Approval["loss"]>;
type LostFile = Loss["files"][number];

/**
 * Whether what an act destroys comes back from the restore point that is taken before it. `rest`: one is taken, but
 * whether it holds all of this isn't known; `partly`: a file is too large for it, or ignored by git.
 */
export type Undo =
  | { readonly can: "all" | "rest" }
  | { readonly can: "partly"; readonly path: string; readonly bytes: number }
  | { readonly can: "no"; readonly why: "outside" | "leaves" | "unknown" };

/** Effects beyond this machine. */
const LEAVES: ReadonlySet<string> = new Set([
  "git.push",
  "git.push.force",
  "network.send",
  "publish",
  "remote.change",
]);
/** Effects that stay in the repository and its folder: what a point holds. */
const STAYS: ReadonlySet<string> = new Set([
  "read",
  "network",
  "run.project",
  "write",
  "overwrite",
  "delete",
  "write.protected",
  "git.write",
  "git.discard",
  "git.clean",
  "git.ref",
  "git.stash.drop",
  "git.history",
  "deps.install",
  "deps.change",
]);

const UNKNOWN = { can: "no", why: "unknown" } as const;

/**
 * What can be said of a question at once: from what is known of it, and the sizes of the files it names. `root`: the
 * session's folder. Undefined where nothing would be lost, and all of it stays on this machine.
 */
export function undoOf(
  { kind, loss }: Pick<Approval, "kind" | "loss">,
  effects: readonly string[],
  root: string,
): Undo | undefined {
  if (effects.some((effect) => LEAVES.has(effect))) return { can: "no", why: "leaves" };
  if (kind !== "loss") return undefined;
  if (loss === undefined || effects.length === 0 || !effects.every((effect) => STAYS.has(effect)))
    return UNKNOWN;
  const above = isWithin(loss.root, root) && existsSync(join(loss.root, ".git"));
  if (!above && !isWithin(root, loss.root)) return { can: "no", why: "outside" };
  return heldOf(loss, effects.includes("git.history"));
}

function heldOf(loss: Loss, history: boolean): Undo {
  const sizes = loss.files.map((file) => ({ ...file, bytes: sizeOf(loss.root, file) }));
  const [largest] = sizes
    .flatMap(({ path, bytes, ignored }) =>
      bytes !== null && isHeld({ path, bytes, ignored }) === false ? [{ path, bytes }] : [],
    )
    .sort((one, other) => other.bytes - one.bytes);
  if (largest !== undefined) return { can: "partly", ...largest };
  // Where git wasn't asked an untracked file may be ignored, and of those a point holds little.
  const seen = sizes.every(
    ({ path, state, bytes, ignored }) =>
      bytes !== null &&
      (state !== "untracked" || ignored !== undefined) &&
      isHeld({ path, bytes, ignored }) === true,
  );
  const all = loss.complete && !history && seen && loss.fileCount === loss.files.length;
  return { can: all ? "all" : "rest" };
}

/** Whether a point holds it: of what git ignores only what its name asks for. Undefined where that isn't known. */
function isHeld(file: {
  readonly path: string;
  readonly bytes: number;
  readonly ignored: boolean | undefined;
}): boolean | undefined {
  const { path, bytes, ignored } = file;
  if (ignored !== true) return bytes <= LIMITS.fileBytes;
  if (!isNamed(path, LIMITS.named) || bytes > LIMITS.ignoredBytes) return false;
  // In a folder that is ignored as a whole a point looks for no names.
  return path.includes("/") ? undefined : true;
}

/** Null where it is no file that can be read. */
function sizeOf(root: string, { path, state }: LostFile): number | null {
  try {
    const info = lstatSync(join(root, path));
    return info.isFile() || info.isSymbolicLink() ? info.size : null;
  } catch {
    // What is staged alone is held with the index.
    return state === "staged" ? 0 : null;
  }
}
