import { parseArgv, parseShell } from "../shell/parse.ts";
import { baseName } from "../shell/path.ts";
import type { SimpleCommand } from "../shell/command.ts";

export interface TestRun {
  /** True when the line's exit status is that of the tests: nothing after them could change it. */
  readonly exits: boolean;
  /** True for a runner that always sums up: without a summary it did not come to run any test. */
  readonly sumsUp: boolean;
}

/** Programs that do nothing but run tests. */
const RUNNERS = new Set(["pytest", "py.test", "vitest", "jest", "mocha", "ava", "tox", "nox", "ctest"]);
/** Those among them whose summary the tests gate reads. */
const SUMS_UP = new Set(["pytest", "py.test", "vitest", "jest"]);
const MODULES = new Set(["pytest", "unittest", "nose2"]);
/** Programs with a verb that runs tests. */
const VERBS: Readonly<Record<string, RegExp>> = {
  bun: /^test$/,
  deno: /^test$/,
  cargo: /^(test|t|nextest)$/,
  go: /^test$/,
  make: /^(test|tests|check)$/,
  just: /^tests?$/,
  npm: /^(test|t|tst)$/,
  yarn: /^test$/,
  pnpm: /^(test|t|tst)$/,
};
const SCRIPT_RUNNERS = new Set(["npm", "yarn", "pnpm", "bun"]);
const PROGRAM_RUNNERS = new Set(["npx", "bunx"]);
/** A package.json script that runs tests, by its name. */
const TEST_SCRIPT = /^tests?([:._-]|$)/;

/** Whether a line runs a project's tests; null when it does not. */
export function testRun(line: string | readonly string[], cwd: string): TestRun | null {
  const script = typeof line === "string" ? parseShell(line, { cwd }) : parseArgv(line, { cwd });
  const at = script.commands.findLastIndex(runsTests);
  const found = script.commands[at];
  if (found === undefined) return null;
  const [program = "", verb = "", module = ""] = found.words.map((word) => word.text);
  const name = baseName(program);
  const sumsUp =
    SUMS_UP.has(name) || (name === "bun" && verb === "test") || (verb === "-m" && MODULES.has(module));
  return { exits: at === script.commands.length - 1, sumsUp };
}

function runsTests({ words }: SimpleCommand): boolean {
  const [program, ...args] = words.map((word) => word.text);
  return program !== undefined && matches(baseName(program), args);
}

function matches(program: string, args: readonly string[]): boolean {
  if (RUNNERS.has(program)) return true;
  if (/^python[\d.]*$/.test(program))
    return MODULES.has(args[args.indexOf("-m") + 1] ?? "") && args.includes("-m");
  if (program === "node") return args.includes("--test");
  const plain = args.filter((arg) => !arg.startsWith("-"));
  const [verb = "", name = ""] = plain;
  if (VERBS[program]?.test(verb)) return true;
  if (SCRIPT_RUNNERS.has(program) && /^run(-script)?$/.test(verb))
    return TEST_SCRIPT.test(name) || RUNNERS.has(name);
  if (SCRIPT_RUNNERS.has(program) && /^(x|exec)$/.test(verb)) return RUNNERS.has(name);
  return PROGRAM_RUNNERS.has(program) && RUNNERS.has(verb);
}
