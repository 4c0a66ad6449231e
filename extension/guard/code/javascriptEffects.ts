import { placesTemporary, steersPrograms } from "../environment.ts";
import { isSecretName } from "../places.ts";
import type { CodeAct } from "./acts.ts";
import { CHILD_PROCESS, FS_EFFECTS, FS_READS } from "./javascriptNames.ts";
import type { JavaScriptValues } from "./javascriptValues.ts";
import type { Alternatives } from "./paths.ts";
import { isGivenValue } from "./javascriptSyntax.ts";
import { argumentsAt, closing, type Token } from "./tokens.ts";

/** The calls of a program for Node that act: each adds what it does, and is false where that can't be told. */
export class JavaScriptEffects {
  readonly #tokens: readonly Token[];
  readonly #values: JavaScriptValues;
  readonly #acts: CodeAct[];
  #changesEnvironment = false;

  /** `acts`: where what is done is added. */
  constructor(tokens: readonly Token[], values: JavaScriptValues, acts: CodeAct[]) {
    this.#tokens = tokens;
    this.#values = values;
    this.#acts = acts;
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? "";
  }

  /** Whether what runs may have another environment than the program got. */
  get changesEnvironment(): boolean {
    return this.#changesEnvironment;
  }

  /** `process.env.NAME = value`: with another environment what runs may be another program, and what is temporary another place. */
  keepsEnvironment(at: number): boolean {
    const dot = this.#text(at + 3) === "?." && this.#text(at + 4) === "[" ? at + 4 : at + 3;
    const isNamed = /^\??\.$/.test(this.#text(dot));
    if (!isNamed && this.#text(dot) !== "[") {
      this.#changesEnvironment ||= !this.#readsAll(at);
      return true;
    }
    const end = isNamed ? dot + 2 : closing(this.#tokens, dot) + 1;
    if (!isGivenValue(this.#tokens, end) && !this.#isRemoved(at)) return true;
    this.#changesEnvironment = true;
    const name = isNamed ? this.#text(dot + 1) : this.#values.textOf(this.#tokens.slice(dot + 1, end - 1));
    return name === null
      ? !this.#tokens.some(({ text }) => /^(tmpdir|child_process|(exec|spawn|fork)\w*|\$)$/.test(text))
      : !steersPrograms(name) && !placesTemporary(name);
  }

  /** `delete process.env.NAME`, `++(process.env.NAME)`. */
  #isRemoved(at: number): boolean {
    let before = at - 1;
    while (this.#text(before) === "(") before--;
    return /^(delete|\+\+|--)$/.test(this.#text(before));
  }

  /** `name in process.env`, `{ ...process.env }`, `Object.keys(process.env)`: nobody gets hold of it. */
  #readsAll(at: number): boolean {
    if (isGivenValue(this.#tokens, at + 3)) return false;
    if (/^(\.\.\.|in)$/.test(this.#text(at - 1))) return true;
    const before = this.#tokens.slice(Math.max(0, at - 4), at).map(({ text }) => text);
    return /^Object\.(keys|values|entries)\($/.test(before.join("")) && this.#text(at + 3) === ")";
  }

  /** `process.env.NAME`, or all of it: not where it is only asked whether there is one. */
  shows(at: number): void {
    const next = this.#text(at + 3);
    const named = /^(\.|\?\.|\[)$/.test(next) ? this.#tokens[at + 4] : undefined;
    if (/^(!|in|typeof)$/.test(this.#text(at - 1)) || /^(Boolean|keys)$/.test(this.#text(at - 2))) return;
    if (named === undefined) this.#acts.push({ does: "shows", variable: null });
    else {
      const name = named.kind === "string" ? (named.value ?? "") : named.text;
      const isAsked = this.#text(at + 5) === "?" || this.#text(at + 6) === "?";
      if (isSecretName(name) && !isAsked) this.#acts.push({ does: "shows", variable: name });
    }
  }

  /** A function of `fs`, called at `open`. */
  fs(member: string, open: number): boolean {
    const name = member.replace(/Sync$/, "");
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const paths = this.#values.pathsOf(args?.[0] ?? []);
    if (this.#opensToWrite()) return false;
    if (FS_READS.test(member)) {
      if (member.startsWith("mkdtemp")) return true;
      for (const path of paths ?? []) this.#acts.push({ does: "reads", path });
      return true;
    }
    const does = Object.hasOwn(FS_EFFECTS, name) ? FS_EFFECTS[name] : undefined;
    if (args === null || does === undefined || paths === null) return false;
    if (does === "rename" || does === "copy") return this.#moves(does, paths, args[1] ?? []);
    const recursive = (args[1] ?? []).some(({ text }) => text === "recursive");
    for (const path of paths)
      this.#acts.push(
        does === "delete" ? { does: "deletes", path, recursive } : { does: "writes", path, mode: does },
      );
    return true;
  }

  /** `{ flag: "w" }`: what reads or appends otherwise would empty the file. */
  #opensToWrite(): boolean {
    return this.#tokens.some(
      ({ text }, at) =>
        /^(flags?|['"]flags?['"])$/.test(text) &&
        this.#tokens[at + 1]?.text === ":" &&
        !/^(r|rs|a|ax)$/.test(this.#tokens[at + 2]?.value ?? "w"),
    );
  }

  #moves(does: "rename" | "copy", paths: NonNullable<Alternatives>, target: readonly Token[]): boolean {
    const targets = this.#values.pathsOf(target);
    if (targets === null || [...paths, ...targets].some(({ rest }) => rest !== undefined)) return false;
    for (const path of paths)
      for (const to of targets)
        this.#acts.push(
          does === "rename" ? { does: "moves", path, to } : { does: "writes", path: to, mode: "overwrite" },
        );
    return true;
  }

  /** A function of `child_process`. */
  process(member: string, open: number): boolean {
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const takes = Object.hasOwn(CHILD_PROCESS, member) ? CHILD_PROCESS[member] : undefined;
    const first = this.#values.textOf(args?.[0]);
    if (args === null || takes === undefined || first === null) return false;
    if (args.flat().some(({ text }) => /^(cwd|env|shell|input|argv0)$/.test(text))) return false;
    if (takes === "line") {
      this.#acts.push({ does: "runs", line: first });
      return true;
    }
    const list = args[1] ?? [];
    const words = list[0]?.text === "[" ? (argumentsAt(list, 0) ?? []) : [];
    const argv = words.flatMap((each) => this.#values.textOf(each) ?? []);
    if (argv.length < words.length || (list.length > 0 && list[0]?.text !== "[")) return false;
    this.#acts.push({ does: "executes", argv: [first, ...argv] });
    return true;
  }

  /** An address that is written out is reached as `curl` would; with options, something may be sent. */
  fetches(open: number, sends?: boolean): boolean {
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const url = this.#values.textOf(args?.[0]) ?? localOf(args?.[0] ?? []);
    if (args === null || url === null) return false;
    this.#acts.push({
      does: "executes",
      argv: ["curl", url, ...((sends ?? args.length > 1) ? ["-d", ""] : [])],
    });
    return true;
  }

  /** `Bun.file("name").text()`, `Bun.write("name", text)`; the name `Bun` stands at a place. */
  bun(at: number): boolean {
    const [member, open] = [this.#tokens[at + 2]?.text ?? "", at + 3];
    if (
      /^(version|revision|main|argv|env|gzipSync|gunzipSync|hash|inspect|deepEquals|nanoseconds|sleep|escapeHTML|semver|stringWidth|which|serve)$/.test(
        member,
      )
    )
      return member !== "env";
    const args = this.#tokens[open]?.text === "(" ? argumentsAt(this.#tokens, open) : null;
    const paths = this.#values.pathsOf(args?.[0] ?? []);
    if (member === "file") {
      for (const path of paths ?? []) this.#acts.push({ does: "reads", path });
      // What writes to a file or removes it is asked about wherever it stands.
      const writes = this.#tokens.some(
        ({ text }, index) =>
          /^\??\.$/.test(this.#tokens[index - 1]?.text ?? "") && /^(delete|unlink|write|writer)$/.test(text),
      );
      return args !== null && !writes;
    }
    if (member !== "write" || paths === null) return false;
    for (const path of paths) this.#acts.push({ does: "writes", path, mode: "overwrite" });
    return true;
  }
}

/** An address on this machine, whatever port or path is put behind it. */
function localOf(tokens: readonly Token[]): string | null {
  const [first, ...others] = tokens.filter(({ kind }) => kind === "string");
  const isLocal = /^['"`]https?:\/\/(localhost|127\.0\.0\.1)[:/]/.test(first?.text ?? "");
  return isLocal && others.every(({ text }) => !/[@:]/.test(text)) ? "http://localhost/" : null;
}
