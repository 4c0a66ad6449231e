import { argumentsAt, closing, enclosing, type Token } from "./tokens.ts";

/** How programs of a language look into lists without changing them. */
export interface Reading {
  /** Members of a list that leave it as it is, and hand it to nobody. */
  readonly members: RegExp;
  /** Functions that only look at what they are given, by the name before their bracket. */
  readonly functions: RegExp;
  /** Modules and classes that have such functions. */
  readonly modules: RegExp;
  /** Signs and words before a list that is only looked at as a whole. */
  readonly before: RegExp;
  /** The same behind it. */
  readonly behind: RegExp;
  /** Where the parameters of a function begin that is declared at a place; -1 where none is. */
  readonly parametersAt: (tokens: readonly Token[], at: number) => number;
}

/** Names for one list, at most: more are followed no further. */
const MAX_NAMES = 16;

/** Signs by which a mention is one of a part or a member. */
const GOES_IN = /^(\.|\?\.|\[|\(|`)/;
const CHANGES = /^([-+*/%&|^@]|\/\/|\*\*|<<|>>|>>>|\?\?|&&|\|\|)?=$|^(\+\+|--|\[|=>)$/;

/**
 * Tells of lists that are known by name whether they stay what they were made: each mention has to be one that is known to
 * leave them alone, under every other name that they are given. Any mention that isn't understood may add to them.
 */
export class OnlyRead {
  readonly #tokens: readonly Token[];
  readonly #reading: Reading;
  /** Whether the program gives a name a meaning of its own. */
  readonly #binds: (name: string) => boolean;

  constructor(tokens: readonly Token[], reading: Reading, binds: (name: string) => boolean) {
    this.#tokens = tokens;
    this.#reading = reading;
    this.#binds = binds;
  }

  /** `groups`: what the list holds is lists, too, which nobody may get hold of either. */
  stays(name: string, groups: boolean): boolean {
    const names = [name];
    // A name that is found behind another is looked at in its turn.
    for (const each of names) {
      if (names.length > MAX_NAMES) return false;
      for (const [at, { kind, text }] of this.#tokens.entries()) {
        if (kind !== "name" || text !== each || /^\??\.$/.test(this.#text(at - 1))) continue;
        const others = this.#mention(at, groups);
        if (others === null) return false;
        names.push(...others.filter((other) => !names.includes(other)));
      }
    }
    return true;
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? "\n";
  }

  /** The other names that a list gets by a mention; null where it may be changed, or handed to who knows whom. */
  #mention(at: number, groups: boolean): readonly string[] | null {
    const [before, behind] = [this.#text(at - 1), this.#text(at + 1)];
    const { members, before: looks, behind: looked } = this.#reading;
    if (/^\??\.$/.test(behind)) {
      const isRead = members.test(this.#text(at + 2)) && !CHANGES.test(this.#text(at + 3));
      return isRead && this.#keepsToItself(at + 3, groups) ? [] : null;
    }
    // A part of it is read; what is given a value by that is lost where values are followed.
    if (behind === "[")
      return groups || CHANGES.test(this.#text(closing(this.#tokens, at + 1) + 1)) ? null : [];
    // Another name by the same value: `a = b = []`.
    if (behind === "=") {
      const also = before === "=" ? [this.#text(at - 2)] : [];
      return this.#text(at + 3) === "=" ? [...also, this.#text(at + 2)] : also;
    }
    if (GOES_IN.test(behind)) return null;
    // A parameter with its type.
    if (behind === ":" && /^[(,\n]$/.test(before)) return [];
    if (looks.test(before))
      return !groups || !/^(in|of)$/.test(before) || this.#isTakenApart(at - 2) ? [] : null;
    if (looked.test(behind) && !/^(=|:=|return|yield|=>|\?|or|and|\|\||&&|\?\?)$/.test(before)) return [];
    if (before === "=") return this.#alias(at);
    return /^[(,]$/.test(before) && /^[),]$/.test(behind) ? this.#argument(at, groups) : null;
  }

  /** What goes through a list may be handed the list itself: `(each, index, list) => …`. */
  #keepsToItself(open: number, groups: boolean): boolean {
    if (this.#text(open) !== "(") return true;
    if (groups) return false;
    const [first = []] = argumentsAt(this.#tokens, open) ?? [];
    if (first.some(({ text }) => text === "function")) return false;
    const arrow = first.findIndex(({ text }) => text === "=>");
    const parameters = first.slice(0, Math.max(arrow, 0));
    if (parameters.some(({ text }) => text === "...")) return false;
    if (parameters.filter(({ text }) => text === ",").length > 1) return false;
    // A function by its name could take more.
    const [only, ...more] = first;
    return (
      only?.kind !== "name" || more.length > 0 || !this.#binds(only.text) || !this.#isFunction(only.text)
    );
  }

  #isFunction(name: string): boolean {
    return this.#tokens.some((_, at) => this.#text(at) === name && this.#declares(at) >= 0);
  }

  #declares(at: number): number {
    return this.#reading.parametersAt(this.#tokens, at);
  }

  /** `for a, b in of`: each is taken apart at once. */
  #isTakenApart(at: number): boolean {
    return this.#text(at) === "]" || this.#text(at) === ")" || this.#text(at - 1) === ",";
  }

  /** `other = list`; of an object's member nothing is known. */
  #alias(at: number): readonly string[] | null {
    const name = this.#tokens[at - 2];
    const isPlain = name?.kind === "name" && !/^(\.|\?\.|,|:|\()$/.test(this.#text(at - 3));
    const ends = /^[\n;})]$/.test(this.#text(at + 1)) || this.#tokens[at + 1]?.kind === "name";
    return isPlain && ends ? [name.text] : null;
  }

  /** `len(list)`, or one of a function of the program's own: its parameter is another name. */
  #argument(at: number, groups: boolean): readonly string[] | null {
    const open = enclosing(this.#tokens, at);
    const called = this.#tokens[open - 1];
    if (this.#text(open) !== "(") return null;
    // What a formatted text holds: in brackets of its own, and behind them more text.
    if (called?.kind !== "name")
      return this.#text(open + 2) === ")" && this.#text(open + 3) === "+" ? [] : null;
    if (/^(if|while)$/.test(called.text)) return this.#text(at + 1) === ")" ? [] : null;
    const isMember = /^\??\.$/.test(this.#text(open - 2));
    const of = this.#text(isMember ? open - 3 : open - 1);
    const isLibrary = !this.#binds(of) && (!isMember || this.#reading.modules.test(of));
    if (this.#reading.functions.test(called.text) && isLibrary) return [];
    const args = argumentsAt(this.#tokens, open) ?? [];
    const place = args.findIndex(([only, ...more]) => only === this.#tokens[at] && more.length === 0);
    if (isMember || groups || place < 0 || args.flat().some(({ text }) => /^(\*|\*\*|\.\.\.)$/.test(text)))
      return null;
    const names: string[] = [];
    for (const [index, { text }] of this.#tokens.entries()) {
      const parameters = text === called.text ? this.#declares(index) : -1;
      if (parameters < 0) continue;
      const parameter = argumentsAt(this.#tokens, parameters)?.[place]?.[0];
      if (parameter?.kind !== "name") return null;
      names.push(parameter.text);
    }
    return names.length > 0 ? names : null;
  }
}
