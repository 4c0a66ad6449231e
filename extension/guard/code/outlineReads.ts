/** A way to use a name that leaves what it stands for as it is: what may stand before it, and what behind it. */
export interface ReadUse {
  readonly before: RegExp;
  readonly behind: RegExp;
}

/** How far back from a mention is looked for the function that it is handed to. */
const REACH = 1000;

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
    const before = outline.slice(Math.max(0, index - REACH), index);
    const behind = outline.slice(index + found.length);
    const is = (use: ReadUse): boolean => use.before.test(before) && use.behind.test(behind);
    if (is(made)) times++;
    else if (!uses.some(is)) return false;
  }
  return times === 1;
}
