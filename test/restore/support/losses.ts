import type { Content, Snapshot } from "./snapshot.ts";

/** What a tool makes again by itself: written here apart from the product's own table, which is under test. */
const MADE_AGAIN = /(^|\/)(node_modules|__pycache__)\/|(^|\/)(build\/out|dist\/app)\.js$|\.log$/;

/** What was there before a command and is nowhere any more after it, one phrase each. */
export function lossesBetween(before: Snapshot, after: Snapshot): readonly string[] {
  const kept = new Set([
    ...[...after.files.values()].map((content) => content.blob),
    ...after.index.values(),
    ...after.blobs,
  ]);
  const lost: string[] = [];
  for (const [path, content] of before.files) {
    const grown = beginsWith(after.files.get(path), content);
    if (!kept.has(content.blob) && !grown && !MADE_AGAIN.test(path)) lost.push(`file ${path}`);
  }
  for (const [path, blob] of before.index) {
    // `add` replaces what was staged by what the person has in the file: that is what it is for.
    const added = after.index.get(path) === before.files.get(path)?.blob;
    if (!kept.has(blob) && !added) lost.push(`staged ${path}`);
  }
  // Of stash entries and branches alike: the files that they hold.
  for (const blob of before.blobs) if (!kept.has(blob)) lost.push(`content ${blob}`);
  const sets = [
    ["commit", before.commits, after.commits],
    ["tag", before.tags, after.tags],
    ["object", before.objects, after.objects],
    ["setting", before.config, after.config],
    ["reflog", before.reflogs, new Set([...after.reflogs, ...after.commits])],
    ["log of HEAD", before.headLog, after.headLog],
  ] as const;
  for (const [what, was, is] of sets) for (const each of was) if (!is.has(each)) lost.push(`${what} ${each}`);
  return lost;
}

/** An empty file has nothing to lose, and what was only added to is still there. */
function beginsWith(content: Content | undefined, start: Content): boolean {
  const { bytes } = start;
  return (
    bytes.length === 0 || (content !== undefined && content.bytes.subarray(0, bytes.length).equals(bytes))
  );
}
