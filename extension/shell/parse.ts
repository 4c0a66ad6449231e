import { parse } from "unbash";
import type { ShellInput, ShellScript, SimpleCommand } from "./command.ts";
import { BASH_OWN, ZSH_OWN } from "./nested.ts";
import { baseName } from "./path.ts";
import { MAX_TEXT } from "./limits.ts";
import { quote, quoteAll } from "./quote.ts";
import { Scope } from "./scope.ts";
import { Walker } from "./walk.ts";

export interface ParseContext {
  /** Absolute folder in which the shell starts. */
  readonly cwd: string;
  /** The user's home folder, for `~`, `$HOME` and a bare `cd`. */
  readonly home?: string;
  /** The program that reads the line: bash where nobody says. */
  readonly shell?: string;
  /** What the line as a whole reads, where that is known. */
  readonly input?: ShellInput;
}

const INHERITED: ShellInput = { from: "inherited" };

/** What a line of bash would execute. Text over `MAX_TEXT` is not parsed, and is unclear as a whole. */
export function parseShell(text: string, context: ParseContext): ShellScript {
  if (text.length > MAX_TEXT) {
    return { text, commands: [], unclear: [{ why: "too-long", text: `${text.slice(0, 80)}…` }] };
  }
  const walker = new Walker();
  const shell = baseName(context.shell ?? "bash").replace(/\.exe$/i, "");
  if (readsOtherwise(shell, text)) walker.notClear("unsupported", `${shell}: ${text}`);
  const parsed = parse(text);
  walker.script(parsed, {
    scope: new Scope([context.cwd], context.home),
    source: text,
    located: true,
    depth: 0,
    input: context.input ?? INHERITED,
  });
  return read(text, walker);
}

function read(text: string, { commands, runners, unclear }: Walker): ShellScript {
  return { text, commands, ...(runners.length > 0 ? { runners } : {}), unclear };
}

/** Whether a shell gives a text another meaning than bash does, which is what is read here. */
function readsOtherwise(shell: string, text: string): boolean {
  if (shell === "zsh") return ZSH_OWN.test(text);
  if (/^r?bash$/.test(shell)) return false;
  return !/^(da|k|a)?sh$/.test(shell) || BASH_OWN.test(text);
}

/** A program with its arguments, run without a shell: exactly one command, whatever its words hold. */
export function parseArgv(argv: readonly string[], context: ParseContext): ShellScript {
  const text = quoteAll(argv);
  let at = 0;
  const words = argv.map((each) => {
    const start = at;
    at += quote(each).length + 1;
    return { text: each, known: true, glob: false, start, end: at - 1 };
  });
  const command: SimpleCommand = {
    words,
    wrappers: [],
    assignments: [],
    redirects: [],
    input: context.input ?? INHERITED,
    folders: [context.cwd],
    span: { start: 0, end: text.length },
    openEnded: false,
  };
  const walker = new Walker();
  walker.execute(command, {
    scope: new Scope([context.cwd], context.home),
    source: text,
    located: true,
    depth: 0,
    input: context.input ?? INHERITED,
  });
  return read(text, walker);
}
