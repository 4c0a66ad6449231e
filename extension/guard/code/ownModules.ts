import type { CodeAct } from "./acts.ts";

/** Stands for whatever a module has. */
export const EVERYTHING = "*";

/** What a name of a program stands for: a module, or a member of one. */
interface Imported {
  readonly module: string;
  readonly member: string | null;
  /** How many of the names behind the first still name the module: of `import a.b`, one. */
  readonly depth: number;
}

/** Modules that are not the library's, and what a program uses of each of them. */
export class OwnModules {
  readonly #names = new Map<string, Imported[]>();
  readonly #uses = new Map<string, Set<string>>();
  /** What may be a module, or a member of the one that it is imported from. */
  readonly #possible = new Map<string, Set<string>>();

  /** Modules of which all names are this program's, too. */
  readonly #handed = new Set<string>();

  get modules(): readonly string[] {
    return [...this.#uses.keys()];
  }

  imports(module: string): void {
    if (!this.#uses.has(module)) this.#uses.set(module, new Set());
  }

  /** A name can stand for one thing here and for another there. */
  bind(name: string, module: string, member: string | null, depth = 0): void {
    this.imports(module);
    this.#names.set(name, [...(this.#names.get(name) ?? []), { module, member, depth }]);
  }

  /** Whatever is used of the program itself may be this module's. */
  hands(module: string): void {
    this.imports(module);
    this.#handed.add(module);
  }

  bindPossible(module: string): void {
    if (!this.#possible.has(module)) this.#possible.set(module, new Set());
  }

  modulesOf(name: string): readonly string[] | undefined {
    return this.#names.get(name)?.map(({ module }) => module);
  }

  uses(module: string, member: string): void {
    this.imports(module);
    this.#uses.get(module)?.add(member);
  }

  /** A name of the program, with the names behind its dots. Handed on alone, anything of a module can be used. */
  usesName(name: string, members: readonly string[]): void {
    const first = (depth: number): string => {
      const used = members[depth] ?? EVERYTHING;
      return used.startsWith("__") ? EVERYTHING : used;
    };
    for (const { module, member, depth } of this.#names.get(name) ?? []) {
      if (member === null) this.uses(module, first(depth));
      else {
        this.uses(module, member);
        if (members[0] !== undefined) this.uses(module, members[0]);
        this.#possible.get(`${module}.${member}`)?.add(first(0));
      }
    }
  }

  acts(): readonly CodeAct[] {
    const possible = [...this.#possible].filter(([module]) => !this.#uses.has(module));
    return [
      ...[...this.#uses].map(([module, uses]): CodeAct => ({
        does: "imports",
        module,
        uses: [...uses],
        hands: this.#handed.has(module),
      })),
      ...possible.map(([module, uses]): CodeAct => ({
        does: "imports",
        module,
        uses: [...uses],
        possibly: true,
      })),
    ];
  }
}
