/** A top-level definition of Python or JavaScript, and what it is called. */
const DEFINES =
  /^(?:export\s+(?:default\s+)?)?(?:async\s+)?(?:def|class|function\*?|const|let|var)\s+([A-Za-z_$][\w$]*)/;
/** Lines at the margin that go on with what stands before them. */
const GOES_ON = /^(\s|$|[)\]}])/;
/** What only lists names, or runs where the module is the program. */
const NOT_ON_IMPORT = /^(__all__\b|if\s+__name__\b)/;

interface Block {
  readonly name: string | undefined;
  text: string;
}

/** Of a module's text what runs where only these of its names are used: its margin, and what that and they mention in turn. */
export function reachable(text: string, uses: readonly string[]): string {
  const blocks = blocksOf(text).filter((block) => !NOT_ON_IMPORT.test(block.text));
  const mentioned = new Set(uses);
  const taken = new Set<Block>();
  for (;;) {
    const more = blocks.filter(
      (block) => !taken.has(block) && (block.name === undefined || mentioned.has(block.name)),
    );
    if (more.length === 0)
      return blocks
        .filter((block) => taken.has(block))
        .map((block) => block.text)
        .join("");
    for (const block of more) {
      taken.add(block);
      for (const [name] of block.text.matchAll(/[A-Za-z_$][\w$]*/g)) mentioned.add(name);
    }
  }
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let decorated = "";
  for (const line of text.split(/(?<=\n)/)) {
    const last = blocks.at(-1);
    if (line.startsWith("@")) decorated += line;
    else if (GOES_ON.test(line) && last !== undefined && decorated === "") last.text += line;
    else {
      blocks.push({ name: DEFINES.exec(line)?.[1], text: decorated + line });
      decorated = "";
    }
  }
  return blocks;
}
