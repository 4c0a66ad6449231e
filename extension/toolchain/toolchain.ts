import type { ShellScript, ShellWord, SimpleCommand } from "../shell/command.ts";
import { parseArgv, parseShell } from "../shell/parse.ts";
import { quote } from "../shell/quote.ts";
import { type DirectRun, directRun } from "./direct.ts";
import type { Evidence } from "./evidence.ts";
import { type Foreign, foreignCommand } from "./foreign.ts";
import { InStep } from "./inStep.ts";
import { lockEnvironment } from "./lockEnvironment.ts";
import { bringsItsOwn, Locks } from "./locks.ts";
import { Projects } from "./projects.ts";
import { ProvidedTools } from "./provision/providedTools.ts";
import { areAlone } from "./rewrite.ts";
import { type RouteOptions, routeScript, type Routing, type WrittenRoutes } from "./routeScript.ts";
import { isLiteral, type Runners } from "./row.ts";
import { routedPrograms } from "./table.ts";
import { Tools, type ToolsOptions } from "./tools.ts";

export interface ToolchainOptions extends ToolsOptions {
  /** The folders that are open. */
  readonly roots: readonly string[];
  /** The folder of the programs that Interlock brings. */
  readonly provided: string;
}

/** A program to start, with what it is given. */
interface Resolved {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The name of a shell at the beginning of a line. */
const SHELL = /^\s*(?:\/\S*\/)?(?:ba|da|z|k)?sh(?=\s)/;
/** `-c`, alone or among other one-letter options, as in `bash -lc`. */
const CODE_OPTION = /^-[a-z]*c$/;

/** What is known of projects and tools, and where commands are sent. One for a host. */
export class Toolchain {
  readonly tools: Tools;
  readonly provided: ProvidedTools;
  readonly locks: Locks;
  readonly #projects: Projects;
  readonly #inStep: InStep;
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(options: ToolchainOptions) {
    this.#home = options.home;
    this.#env = options.env;
    this.#inStep = new InStep({ processes: options.processes, uv: () => this.tools.command("uv") });
    this.#projects = new Projects(options);
    this.provided = new ProvidedTools({
      folder: options.provided,
      env: options.env,
      home: options.home,
      changed: () => this.tools.forget(),
    });
    this.tools = new Tools(options, this.provided, (folder) => this.evidence(folder));
    this.locks = new Locks({
      processes: options.processes,
      evidence: (folder) => this.evidence(folder),
      runners: () => this.runners(),
    });
  }

  /** Everything that is known of a folder. Under a tenth of a millisecond while nothing changed. */
  evidence(folder: string): Evidence {
    return this.#projects.evidence(folder);
  }

  /** The programs that may be sent somewhere in a folder. */
  programs(folder: string): readonly string[] {
    const { environment } = this.evidence(folder).python;
    return [...routedPrograms(), ...(environment?.programs ?? [])];
  }

  /** Where a line is sent; one that only hands its code to a shell, as agents do, is looked into. */
  route(script: ShellScript, choice: Omit<RouteOptions, "runners">): Routing {
    const options = { ...choice, runners: this.runners() };
    const evidenceOf = (folder: string): Evidence => this.evidence(folder);
    const routing = routeScript(script, evidenceOf, options);
    return routing.route === null ? (this.#inside(script, options) ?? routing) : routing;
  }

  /** What of a line, as it would run, is a package command of another manager than the project's own. */
  foreign(script: ShellScript, written?: WrittenRoutes): Foreign | null {
    const inside = this.#codeOf(script)?.script ?? script;
    const found = foreignCommand(inside, { evidenceOf: (folder) => this.evidence(folder), written });
    return found?.script !== undefined && bringsItsOwn(found.script) ? null : found;
  }

  /**
   * What Interlock itself runs, as the project means it: routed, or from its own environment; with the variables by which what it
   * starts takes the lock the same way. A stale lock makes it fail: nothing asks a person, and nothing is locked.
   */
  resolve(argv: readonly string[], cwd: string): Resolved {
    const at = { cwd, home: this.#home };
    const { argv: routed } = this.route(parseArgv(argv, at), { swap: () => false });
    const [program = "", ...rest] = argv;
    const resolved = routed ?? [this.tools.find(program, cwd)?.path ?? program, ...rest];
    const [command = program, ...args] = resolved;
    return { command, args, env: lockEnvironment(parseArgv(resolved, at)) };
  }

  /** What a routed command comes to, where its environment is known to be what the lock says. */
  direct(argv: readonly string[], cwd: string): DirectRun | null {
    return directRun(argv, this.evidence(cwd), {
      inStep: this.#inStep,
      command: this.tools.command("uv"),
      path: this.tools.onMachine("uv")?.path,
      env: this.#env,
    });
  }

  /** What to type for each program that answers. */
  runners(): Runners {
    return {
      uv: this.tools.command("uv"),
      bun: this.tools.command("bun"),
      ruff: this.tools.command("ruff"),
      ty: this.tools.command("ty"),
      oxlint: this.tools.command("oxlint"),
    };
  }

  /** The route of the code in a line that is nothing but `bash -c CODE`. */
  #inside(outer: ShellScript, options: RouteOptions): Routing | null {
    const { text } = outer;
    const handed = this.#codeOf(outer);
    if (handed === null) return null;
    const { shell, only, code, script } = handed;
    const inner = routeScript(script, (folder) => this.evidence(folder), options);
    if (inner.route === null) return inner;
    const to = text.slice(0, code.start) + quote(inner.route.to) + text.slice(code.end);
    const plain = only.words.every(isLiteral) && areAlone(text, only.words) && only.span?.end === text.length;
    const argv = only.words.map((word) => (word === code ? (inner.route?.to ?? "") : word.text));
    argv[0] = shell.trim();
    return { ...inner, route: { ...inner.route, from: text, to }, argv: plain ? argv : null };
  }

  /** The code in a line that is nothing but `bash -c CODE`; null for any other. */
  #codeOf({ text, commands }: ShellScript): HandedCode | null {
    const cwd = commands[0]?.folders?.[0];
    const [shell] = SHELL.exec(text) ?? [];
    if (cwd === undefined || shell === undefined) return null;
    // Under a name that is no shell's, the words keep their places, and the code stays one word.
    const outer = parseShell("x".repeat(shell.length) + text.slice(shell.length), { cwd, home: this.#home });
    const [only, ...others] = outer.commands;
    const [, option, code] = only?.words ?? [];
    if (only === undefined || others.length + outer.unclear.length > 0) return null;
    if (!isLiteral(code) || !isLiteral(option) || !CODE_OPTION.test(option.text)) return null;
    return { shell, only, code, script: parseShell(code.text, { cwd, home: this.#home }) };
  }
}

interface HandedCode {
  readonly shell: string;
  readonly only: SimpleCommand;
  readonly code: ShellWord;
  readonly script: ShellScript;
}
