import type { ShellAssignment, ShellRedirect, ShellWord, SimpleCommand } from "./command.ts";
import { baseName } from "./path.ts";

/** How a wrapper's own words end and the wrapped command begins. */
interface Wrapper {
  /** Short options (one letter each) that take the next word, or the rest of their own. */
  readonly short?: string;
  /** Long options that take the next word when they have no `=`. */
  readonly long?: readonly string[];
  /** Words of its own before the command, such as the duration of `timeout`. */
  readonly positional?: number;
  /** Takes `NAME=value` words before the command. */
  readonly assigns?: boolean;
  /** Adds arguments at run time. */
  readonly openEnded?: boolean;
  /** Options with which it runs no command, such as `command -v`. */
  readonly queries?: readonly string[];
  /** Options that change the folder: the command's folder is then unknown. */
  readonly moves?: readonly string[];
  /** Options whose value is a file that is overwritten. */
  readonly writes?: readonly string[];
  /** The words of a sub-command that must come first, such as `run` of `uv run`. */
  readonly after?: readonly string[];
}

/**
 * Programs that run another program given as their arguments. From the manual pages of GNU coreutils,
 * util-linux, findutils, sudo, bash, and of uv, poetry, pdm, pipenv, hatch and bundler.
 */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  command: { queries: ["-v", "-V"] },
  builtin: {},
  exec: { short: "a" },
  nohup: {},
  time: { short: "fo", long: ["--format", "--output"], writes: ["-o", "--output"] },
  nice: { short: "n", long: ["--adjustment"] },
  ionice: { short: "cnpPu", long: ["--class", "--classdata"], queries: ["-p", "-P", "-u"] },
  chrt: { positional: 1, queries: ["-p", "-m"] },
  taskset: { positional: 1, queries: ["-p"] },
  timeout: { short: "ks", long: ["--kill-after", "--signal"], positional: 1 },
  stdbuf: { short: "ioe", long: ["--input", "--output", "--error"] },
  setsid: {},
  jobs: { after: ["-x"] },
  unbuffer: {},
  chronic: {},
  caffeinate: { short: "tw" },
  env: {
    short: "uCa",
    long: ["--unset", "--chdir", "--argv0"],
    assigns: true,
    moves: ["-C", "--chdir"],
  },
  sudo: {
    short: "CDghpRrTtUu",
    long: ["--user", "--group", "--host", "--chdir", "--prompt", "--role", "--type"],
    assigns: true,
    moves: ["-D", "--chdir", "-i", "--login"],
  },
  doas: { short: "uC" },
  strace: { short: "eoEpPsSuaIbUX", long: ["--output"], writes: ["-o", "--output"] },
  ltrace: { short: "eoupsSanFlw", long: ["--output"], writes: ["-o", "--output"] },
  xargs: {
    short: "aIEdLnPsJRS",
    long: [
      "--arg-file",
      "--delimiter",
      "--max-lines",
      "--max-args",
      "--max-procs",
      "--max-chars",
      "--replace",
      "--process-slot-var",
    ],
    openEnded: true,
  },
  busybox: {},
  toybox: {},
  uv: {
    after: ["run"],
    short: "pw",
    long: [
      "--python",
      "--with",
      "--with-editable",
      "--with-requirements",
      "--extra",
      "--group",
      "--no-group",
      "--only-group",
      "--package",
      "--project",
      "--directory",
      "--env-file",
      "--index",
      "--default-index",
      "--index-url",
      "--extra-index-url",
      "--find-links",
      "--cache-dir",
      "--config-file",
      "--color",
      "--isolated-python",
      "--exclude-newer",
      "--refresh-package",
      "--upgrade-package",
      "--link-mode",
      "--resolution",
      "--prerelease",
    ],
    moves: ["--directory"],
  },
  poetry: { after: ["run"] },
  pdm: { after: ["run"] },
  pipenv: { after: ["run"] },
  rye: { after: ["run"] },
  bundle: { after: ["exec"] },
};

/** Options of `uv run` after which the argument is a module or code, not a program. */
const UV_NOT_A_PROGRAM = new Set(["-m", "--module", "-s", "--script", "--gui-script"]);

export interface Unwrapped {
  readonly wrappers: readonly string[];
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  /** Files that a wrapper writes, as `time -o FILE` does. */
  readonly redirects: readonly ShellRedirect[];
  readonly openEnded: boolean;
  /** The folder can't be told any more. */
  readonly moved: boolean;
  /** True when a wrapper's own words could not be told from the command's. */
  readonly unclear: boolean;
  /** The words from the first wrapper on that is a command of a project's manager, such as `uv run`, and the wrappers before it. */
  readonly runner?: { readonly words: readonly ShellWord[]; readonly wrappers: readonly string[] };
}

/** Takes the wrappers off a command, outermost first. */
export function unwrap(words: readonly ShellWord[]): Unwrapped {
  const wrappers: string[] = [];
  const assignments: ShellAssignment[] = [];
  const redirects: ShellRedirect[] = [];
  let rest = words;
  let openEnded = false;
  let moved = false;
  let runner: Unwrapped["runner"];
  for (;;) {
    const step = peel(rest);
    const found = { wrappers, assignments, redirects, openEnded, moved, ...(runner ? { runner } : {}) };
    if (step === null) return { ...found, words: rest, unclear: false };
    if (step.name.includes(" ")) runner ??= { words: rest, wrappers: [...wrappers] };
    wrappers.push(step.name);
    assignments.push(...step.assignments);
    redirects.push(...step.writes.map((target): ShellRedirect => ({ mode: "write", target })));
    openEnded ||= step.openEnded;
    moved ||= step.moved;
    if (step.unclear) return { ...found, openEnded, moved, words, unclear: true };
    rest = step.rest;
  }
}

interface Peeled {
  name: string;
  rest: readonly ShellWord[];
  assignments: readonly ShellAssignment[];
  writes: readonly ShellWord[];
  openEnded: boolean;
  moved: boolean;
  unclear: boolean;
}

function peel(words: readonly ShellWord[]): Peeled | null {
  const head = words[0];
  if (head === undefined || !head.known) return null;
  const program = baseName(head.text);
  const wrapper = Object.hasOwn(WRAPPERS, program) ? WRAPPERS[program] : undefined;
  if (wrapper === undefined) return null;
  let index = 1;
  for (const word of wrapper.after ?? []) {
    if (words[index]?.text !== word) return null;
    index++;
  }
  const name = [program, ...(wrapper.after ?? [])].join(" ");
  return readOptions(name, wrapper, words, index);
}

function readOptions(
  name: string,
  wrapper: Wrapper,
  words: readonly ShellWord[],
  from: number,
): Peeled | null {
  const assignments: ShellAssignment[] = [];
  const writes: ShellWord[] = [];
  let positional = wrapper.positional ?? 0;
  let moved = false;
  let index = from;
  const done = (rest: readonly ShellWord[], unclear = false): Peeled => {
    const token = name === "xargs" ? replaceToken(words.slice(from, index)) : undefined;
    const openEnded = (wrapper.openEnded ?? false) && token === undefined;
    return { name, rest: blank(rest, token), assignments, writes, openEnded, moved, unclear };
  };
  for (;;) {
    const word = words[index];
    if (word === undefined) return null;
    const text = word.text;
    const setting = wrapper.assigns ? /^([A-Za-z_]\w*)=/.exec(word.known ? text : (word.prefix ?? "")) : null;
    if (setting !== null) {
      const value = { ...word, text: text.slice(setting[0].length) };
      assignments.push({ name: setting[1] ?? "", value });
      index++;
      continue;
    }
    if (!word.known) return done(words.slice(index), true);
    if (text === "--") {
      index++;
      return positional > 0 ? done(words.slice(index + positional)) : done(words.slice(index));
    }
    if (text === "-" && name === "env") {
      index++;
      continue;
    }
    if (text.startsWith("-") && text !== "-") {
      const option = optionName(text);
      if (wrapper.queries?.includes(option)) return null;
      if (name === "env" && (option === "-S" || option === "--split-string")) return done(words, true);
      if (name === "uv run" && UV_NOT_A_PROGRAM.has(option)) return null;
      if (wrapper.moves?.includes(option)) moved = true;
      const separate = takesNext(wrapper, text);
      const file = wrapper.writes?.includes(option)
        ? valueOf(word, separate ? words[index + 1] : undefined)
        : null;
      if (file !== null) writes.push(file);
      index += separate ? 2 : 1;
      continue;
    }
    // `uv run FILE.py` hands the file to Python.
    if (name === "uv run" && /^[^:]*\.pyw?$/.test(text)) return null;
    if (positional === 0) return done(words.slice(index));
    positional--;
    index++;
  }
}

/** `-n5` → `-n`, `--signal=KILL` → `--signal`. */
function optionName(text: string): string {
  if (text.startsWith("--")) return text.split("=", 1)[0] ?? text;
  return text.slice(0, 2);
}

/** The value of an option: the next word, or what stands behind it in its own. */
function valueOf(option: ShellWord, next: ShellWord | undefined): ShellWord | null {
  const text = option.text.startsWith("--") ? option.text.replace(/^[^=]*=/, "") : option.text.slice(2);
  return next ?? (text === option.text ? null : { ...option, text });
}

/** Whether an option's value is the next word. In a cluster such as `-ik`, the last letter decides. */
function takesNext(wrapper: Wrapper, text: string): boolean {
  if (text.startsWith("--")) return !text.includes("=") && (wrapper.long?.includes(text) ?? false);
  const letters = text.slice(1);
  for (let i = 0; i < letters.length; i++) {
    if (wrapper.short?.includes(letters[i] ?? "")) return i === letters.length - 1;
  }
  return false;
}

/** The text that `xargs -I TEXT` replaces with its input. */
function replaceToken(options: readonly ShellWord[]): string | undefined {
  for (const [index, option] of options.entries()) {
    const text = option.text;
    if (text === "-I" || text === "-J") return options[index + 1]?.text ?? "{}";
    if (text.startsWith("-I")) return text.slice(2);
    if (text === "-i" || text === "--replace") return "{}";
    if (text.startsWith("--replace=")) return text.slice("--replace=".length);
  }
  return undefined;
}

/** Words that hold a token which is replaced at run time are not known any more. */
export function blank(words: readonly ShellWord[], token: string | undefined): readonly ShellWord[] {
  if (token === undefined || token === "") return words;
  return words.map((word) =>
    word.text.includes(token)
      ? { ...word, text: word.text.replaceAll(token, ""), known: false, found: true }
      : word,
  );
}

/** A command as its runner reads it: `uv run pytest`, where `pytest` is what runs. */
export function asRunner(
  { span, wrappers, folders, openEnded }: SimpleCommand,
  runner: NonNullable<Unwrapped["runner"]>,
): Pick<SimpleCommand, "words" | "wrappers" | "span" | "folders" | "openEnded"> {
  return {
    words: runner.words,
    wrappers: [...wrappers, ...runner.wrappers],
    span: span && { start: runner.words[0]?.start ?? 0, end: span.end },
    folders,
    openEnded,
  };
}
