import { EVERYTHING } from "./ownModules.ts";

/** A top-level definition of Python or JavaScript, and what it is called. */
const DEFINES =
  /^(?<exported>export\s+(?:default\s+)?)?(?:async\s+)?(?<by>def|class|function\*?|const|let|var)\s+(?<name>[A-Za-z_$][\w$]*)/;
/** Lines at the margin that go on with what stands before them. */
const GOES_ON = /^(\s|$|[)\]}])/;
/** What only lists names, or runs where the module is the program. */
const NOT_ON_IMPORT = /^(__all__\b|if\s+__name__\b)/;
const NAME = /[A-Za-z_$][\w$]*/g;

/** Heads of definitions in which nothing is called. */
const QUIET_DEF = /^(?:async\s+)?def\s+\w+\([^()@]*\)[^:(]*:/;
const QUIET_CLASS = /^class\s+\w+(?:\([\w\s,.[\]]*\))?\s*:/;
/** A class of Python that acts on those that are made from it. */
const MAKES_CLASSES = /\b__(init_subclass|prepare|set_name|class_getitem)__\b|\(type\)/;
/** Parts of a class of JavaScript that run where it is defined. */
const STATIC = /\bstatic\s*(\{|[\w#$]+\s*=)|\bextends\s+[\w$.]+\s*\(/;
/** Values that are functions or classes: nothing runs until they are called. */
const IS_FUNCTION =
  /^[^=]*=\s*(?:async\s*)?(?:function\b|class\b|[\w$]+\s*=>|\((?:[^()]|\([^()]*\))*\)\s*(?::[^=]*)?=>)/;
/** A definition of JavaScript that ends where its braces do. */
const CLOSES = /^[^\n]*\}[\s;]*$|\n\}[)\s;]*$/;

interface Block {
  readonly names: readonly string[];
  readonly text: string;
  /** What of it runs where the module is imported, whatever is used of that. */
  readonly atOnce: string;
}

/** Of a module's text what runs where only these of its names are used: its margin, and what that and they mention in turn. */
export function reachable(text: string, uses: readonly string[]): string {
  if (uses.includes(EVERYTHING)) return text;
  const blocks = blocksOf(text).filter((block) => !NOT_ON_IMPORT.test(block.text));
  const mentioned = new Set(uses);
  const mention = (part: string): void => {
    for (const [name] of part.matchAll(NAME)) mentioned.add(name);
  };
  for (const { atOnce } of blocks) mention(atOnce);
  const taken = new Set<Block>();
  for (;;) {
    const more = blocks.filter(
      (block) => !taken.has(block) && block.names.some((name) => mentioned.has(name)),
    );
    if (more.length === 0)
      return blocks.map((block) => (taken.has(block) ? block.text : block.atOnce)).join("");
    for (const block of more) {
      taken.add(block);
      mention(block.text);
    }
  }
}

function blocksOf(text: string): readonly Block[] {
  const parts: { decorators: string; text: string }[] = [];
  let decorators = "";
  for (const line of text.split(/(?<=\n)/)) {
    const last = parts.at(-1);
    if (line.startsWith("@")) decorators += line;
    else if (GOES_ON.test(line) && decorators !== "") decorators += line;
    else if (GOES_ON.test(line) && last !== undefined) last.text += line;
    else {
      parts.push({ decorators, text: line });
      decorators = "";
    }
  }
  return parts.map((part): Block => {
    const { exported, by, name } = DEFINES.exec(part.text)?.groups ?? {};
    const whole = part.decorators + part.text;
    if (name === undefined || by === undefined) return { names: [], text: whole, atOnce: whole };
    const names = /default/.test(exported ?? "") ? [name, "default"] : [name];
    return { names, text: whole, atOnce: atOnceOf(by, part.decorators, part.text) };
  });
}

/** What runs of a definition where it stands. */
function atOnceOf(by: string, decorators: string, text: string): string {
  const isPython = by === "def" || (by === "class" && !/^[^\n]*\{/.test(text));
  const all = /^[\s\S]*?:[ \t]*(#.*)?(\n|$)/.exec(text)?.[0] ?? text;
  // Its own name there is no use of it.
  const head = all.replace(/\b(def|class)\s+\w+/, "$1 _");
  if (by === "def") return decorators === "" && QUIET_DEF.test(text) ? "" : decorators + head;
  if (isPython) {
    if (MAKES_CLASSES.test(text)) return decorators + text;
    const body = dedented(text.slice(all.length));
    const inside = blocksOf(body).map(({ atOnce }) => atOnce);
    return decorators + (QUIET_CLASS.test(text) ? "" : head) + inside.join("");
  }
  if (by === "class") return STATIC.test(text) || !CLOSES.test(text) ? decorators + text : decorators;
  if (by.startsWith("function")) return CLOSES.test(text) ? "" : text;
  // Of a function that is called where it stands: `function () {}()`.
  const isKept = IS_FUNCTION.test(text) && !/^[^=]*=\s*function[\s\S]*\}\s*\(/.test(text);
  return isKept || !/[(`]/.test(text) ? "" : text;
}

/** A class's body as if it were a module of its own. */
function dedented(body: string): string {
  const indent = /^[ \t]*(?=\S)/m.exec(body)?.[0].length ?? 0;
  return body.replace(new RegExp(`^[ \\t]{0,${indent}}`, "gm"), "");
}
