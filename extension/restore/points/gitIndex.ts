import type { BytePath } from "./bytePath.ts";

/** One entry of git's index (Documentation/gitformat-index). */
export interface IndexEntry {
  readonly path: BytePath;
  readonly mode: number;
  readonly oid: string;
  /** Git was told to believe that the file is unchanged (`assume-unchanged`), or that it isn't there (`skip-worktree`). */
  readonly hidden: boolean;
  /** Changes whenever the file was looked at anew: its times, size and object. */
  readonly stamp: string;
}

export const GITLINK = 0o160000;
const HEADER = 12;
/** Times, device, inode, owner, and so on, in front of the object's name. */
const STAT_FIELDS = 40;
const MODE_AT = 24;
const ASSUME_VALID = 0x8000;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;

/** Bytes of an object's name where a commit is named so; 20 where there is none yet. */
export function oidBytesOf(head: string | null | undefined): number {
  return head?.length === 64 ? 32 : 20;
}

/** Null for a form that isn't known, such as a split index: then nothing is known of hidden files and submodules. */
export function readIndex(data: Buffer, oidBytes: number): readonly IndexEntry[] | null {
  if (data.length < HEADER || data.toString("latin1", 0, 4) !== "DIRC") return null;
  const version = data.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const entries: IndexEntry[] = [];
  let at = HEADER;
  let before = "";
  for (let left = data.readUInt32BE(8); left > 0; left--) {
    const flagsAt = at + STAT_FIELDS + oidBytes;
    if (flagsAt + 4 > data.length) return null;
    const flags = data.readUInt16BE(flagsAt);
    const extended = (flags & EXTENDED) === 0 ? null : data.readUInt16BE(flagsAt + 2);
    const name = readName(data, flagsAt + (extended === null ? 2 : 4), version, before);
    if (name === null) return null;
    entries.push({
      path: name.path,
      mode: data.readUInt32BE(at + MODE_AT),
      oid: data.toString("hex", at + STAT_FIELDS, flagsAt),
      stamp: data.toString("latin1", at, flagsAt),
      hidden: (flags & ASSUME_VALID) !== 0 || ((extended ?? 0) & SKIP_WORKTREE) !== 0,
    });
    before = name.path;
    // Versions 2 and 3 pad each entry with at least one zero to a multiple of eight.
    at = version === 4 ? name.end + 1 : at + (((name.end - at) >> 3) + 1) * 8;
  }
  return entries;
}

/** Whether two indexes hold the same, whatever they know of the files' times. */
export function isSameListing(one: Buffer, other: Buffer): boolean {
  return [20, 32].some((oidBytes) => {
    const [left, right] = [one, other].map((data) => readIndex(data, oidBytes));
    if (!left || !right || left.length !== right.length) return false;
    return left.every((entry, index) => {
      const same = right[index];
      return (
        entry.path === same?.path &&
        entry.mode === same.mode &&
        entry.oid === same.oid &&
        entry.hidden === same.hidden
      );
    });
  });
}

function readName(
  data: Buffer,
  start: number,
  version: number,
  before: BytePath,
): { readonly path: BytePath; readonly end: number } | null {
  let at = start;
  let kept = "";
  if (version === 4) {
    // How many bytes of the name before are dropped, in git's variable-width encoding.
    let byte = data[at++] ?? 0;
    let dropped = byte & 0x7f;
    while ((byte & 0x80) !== 0) {
      byte = data[at++] ?? 0;
      dropped = ((dropped + 1) << 7) | (byte & 0x7f);
    }
    kept = before.slice(0, before.length - dropped);
  }
  const end = data.indexOf(0, at);
  return end < 0 ? null : { path: kept + data.toString("latin1", at, end), end };
}
