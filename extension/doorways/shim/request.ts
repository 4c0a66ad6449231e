import { quote } from "../../shell/quote.ts";
import { saidBy } from "../channel/caller.ts";
import { type Exported, readExported, variablesOf } from "./exported.ts";

/** A program that is about to run, as its shim tells it (script.ts). */
export interface ShimRequest {
  readonly pid: number;
  readonly parent: number;
  /** The program's name and its arguments; null where one of them is no text. */
  readonly argv: readonly string[] | null;
  /** The same as a line of shell; bytes that are no text stand there as what only a shell could tell. */
  readonly line: string;
  /** Absolute, links followed; null where the folder is gone. */
  readonly cwd: string | null;
  readonly environment: Readonly<Record<string, string>>;
  /** The same as its shell printed it; null where that could not be read to its end. */
  readonly exported: readonly Exported[] | null;
}

/** A program that runs by now, since a table let it through. */
export interface Passed extends Omit<ShimRequest, "environment" | "exported"> {
  /** The version of the table. */
  readonly table: number;
}

/** The kind of caller that a shim says it is. */
export const SHIM = "shim";
/** The same where it asks nothing, and only says what it has let through. */
export const PASSED = "passed";
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a shim said; null where it was no shim of this session. */
export function readShimRequest(fields: readonly Buffer[], token: string): ShimRequest | null {
  const [pid, parent, program, cwd, exported, ...args] = saidBy(fields, { kind: SHIM, token }) ?? [];
  if (program === undefined) return null;
  const { all, read } = readExported(exported?.toString("utf8") ?? "");
  return {
    pid: Number(pid),
    parent: Number(parent),
    ...wordsOf([program, ...args]),
    cwd: folderOf(cwd),
    environment: variablesOf(all),
    exported: read ? all : null,
  };
}

/** What a shim let through by its table (fastScript.ts); null where it was no shim of this session. */
export function readPassed(fields: readonly Buffer[], token: string): Passed | null {
  const [pid, parent, table, program, cwd, ...args] = saidBy(fields, { kind: PASSED, token }) ?? [];
  if (program === undefined) return null;
  const from = { pid: Number(pid), parent: Number(parent), cwd: folderOf(cwd) };
  return { ...from, ...wordsOf([program, ...args]), table: Number(table) };
}

function wordsOf(argv: readonly Buffer[]): Pick<ShimRequest, "argv" | "line"> {
  const words = argv.map(textOf);
  return {
    argv: words.includes(null) ? null : words.filter((word) => word !== null),
    line: words.map((word, index) => (word === null ? bytesAsShell(argv[index]) : quote(word))).join(" "),
  };
}

function textOf(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** `pwd` ends with a line end, which a folder's name can do, too. A folder that is no text can't be judged. */
function folderOf(bytes: Buffer | undefined): string | null {
  const text = bytes === undefined ? null : textOf(bytes);
  return text?.startsWith("/") === true ? text.replace(/\n$/, "") : null;
}

/** A word that is known only once it runs, which is how it is judged. */
function bytesAsShell(bytes: Buffer | undefined): string {
  const escaped = [...(bytes ?? [])]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w./@:=,+ -]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
    })
    .join("");
  return `"$(printf '${escaped}')"`;
}
