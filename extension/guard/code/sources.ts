import type { Token } from "./tokens.ts";

/** Where each name of a program gets its values: all places, or null for a name with one that isn't followed. */
export class Sources<Source> {
  readonly #sources = new Map<string, Source[] | null>();

  of(name: string): readonly Source[] | null {
    return this.#sources.get(name) ?? null;
  }

  has(name: string): boolean {
    return this.#sources.has(name);
  }

  bind(name: string, source: Source): void {
    const known = this.#sources.get(name);
    if (known === undefined) this.#sources.set(name, [source]);
    else known?.push(source);
  }

  /** Whatever these names are from here on, it isn't followed. */
  lose(tokens: readonly Token[]): void {
    for (const { kind, text } of tokens) if (kind === "name") this.loseName(text);
  }

  loseName(name: string): void {
    this.#sources.set(name, null);
  }
}
