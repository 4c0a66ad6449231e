/** A way to use a name that leaves what it stands for as it is: what may stand before it, and what behind it. */
export interface ReadUse {
  readonly before: RegExp;
  readonly behind: RegExp;
}

/** How far back from a mention is looked for the function that it is handed to. */
const REACH = 1000;

/** Whether what stands at a place of a program's outline is used in one of these ways. */
export function isReadAt(
  outline: string,
  { index, length }: { readonly index: number; readonly length: number },
  uses: readonly ReadUse[],
): boolean {
  // What is cut off doesn't begin there.
  const before = index > REACH ? `…${outline.slice(index - REACH, index)}` : outline.slice(0, index);
  const behind = outline.slice(index + length);
  return uses.some((use) => use.before.test(before) && use.behind.test(behind));
}

/**
 * Whether a name is made once in the outline of a program, and otherwise only read: each mention has to be one of the uses
 * that are known to leave it alone. Any that isn't understood may give it another value.
 */
export function isOnlyRead(
  outline: string,
  { mention, made }: { readonly mention: RegExp; readonly made: ReadUse },
  uses: readonly ReadUse[],
): boolean {
  let times = 0;
  for (const { index, 0: found } of outline.matchAll(mention)) {
    const place = { index, length: found.length };
    if (isReadAt(outline, place, [made])) times++;
    else if (!isReadAt(outline, place, uses)) return false;
  }
  return times === 1;
}
