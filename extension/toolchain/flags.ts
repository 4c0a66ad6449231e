import type { ShellWord } from "../shell/command.ts";
import { isPlain } from "./row.ts";

/**
 * How one flag of the asked program is understood: a text is what the answering program calls it, null is left out
 * because it changes nothing there, `takes` names the value that follows it, and `with` passes flag and value on.
 */
export type FlagRule = string | null | { readonly takes: string } | { readonly with: string };
export type FlagTable = Readonly<Record<string, FlagRule>>;

export interface ReadFlags {
  /** Flags for the answering program. */
  readonly flags: readonly string[];
  /** Words that are no flags, in order. */
  readonly operands: readonly ShellWord[];
  /** Values of `takes` flags by name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Reads arguments by a table; null when any word is not literal or any flag is not in it. */
export function readFlags(args: readonly ShellWord[], table: FlagTable): ReadFlags | null {
  const flags: string[] = [];
  const operands: ShellWord[] = [];
  const values = new Map<string, string[]>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (!isPlain(word)) return null;
    const { text } = word;
    if (!text.startsWith("-") || text === "-") {
      operands.push(word);
      continue;
    }
    const equals = text.startsWith("--") ? text.indexOf("=") : -1;
    const whole = Object.hasOwn(table, text);
    const name = whole || equals < 0 ? text : text.slice(0, equals);
    const rule = Object.hasOwn(table, name) ? table[name] : undefined;
    if (rule === undefined) return null;
    const attached = whole || equals < 0 ? undefined : text.slice(equals + 1);
    if (rule === null || typeof rule === "string") {
      if (attached !== undefined) return null;
      if (rule !== null) flags.push(rule);
      continue;
    }
    const next = args[index + 1];
    if (attached === undefined) index++;
    const value = attached ?? (isPlain(next) ? next.text : undefined);
    if (value === undefined) return null;
    if ("with" in rule) flags.push(`${rule.with}=${value}`);
    else values.set(rule.takes, [...(values.get(rule.takes) ?? []), value]);
  }
  return { flags, operands, values };
}
