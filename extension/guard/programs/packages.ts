import type { RuleId } from "../../policy/rules.ts";
import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { javascript } from "../code/javascript.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { judgeInput, judgeScript } from "../code/files.ts";
import { languageOfFile } from "../code/languages.ts";
import { judgePackageScript, type PackagePlace } from "../code/packageScripts.ts";
import { isSecretName } from "../places.ts";
import { executes, type FindAnalyser } from "./executors.ts";
import { BUN, NPM, PNPM, POETRY, UV, YARN, type Manager } from "./managers.ts";
import { pip } from "./pip.ts";
import { RISKY_NAME } from "./risky.ts";
import { actionOf, type OptionNames } from "./subcommands.ts";

/** Nothing is installed then: it is for the lock alone that these are given. */
const WRITES_LOCK = /^--(lockfile-only|package-lock-only)$/;

function operandsOf(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.filter((word) => !word.text.startsWith("-"));
}

/** Runs a script of a package by its name. Where there is none, some managers run a tool of that name. */
function runsScript(
  call: ProgramCall,
  name: ShellWord | undefined,
  args: readonly ShellWord[],
  place: PackagePlace,
  otherwise?: () => void,
): void {
  const risky = name !== undefined && (!name.known || RISKY_NAME.test(name.text));
  const isNode = /^(npm|pnpm|yarn|bun)$/.test(call.program);
  const seen = isNode ? judgePackageScript(call, name, args, place, risky) : null;
  if (seen === "missing" && otherwise !== undefined) {
    otherwise();
    return;
  }
  if (risky && seen === null) call.add("unclear.code");
  call.add("run.project");
  call.add("fs.write");
}

function manager(spec: Manager, find: FindAnalyser): Analyser {
  return (call) => {
    const { args, place } = placed(call);
    const told = args.findIndex(({ text }) => /^--?(version|v|V|help|h)$/.test(text));
    const { at: named, unclear } = actionOf(args, spec.options);
    const at = told >= 0 && (named < 0 || told < named) ? told : named;
    const action = args[at];
    if (unclear) call.add("unclear.options");
    const rest = args.slice(at + 1);
    if (args.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
    if (args.some((word) => /^(-g|--global|--location=global)$/.test(word.text)))
      call.add("fs.write.outside");
    if (call.program === "bun" && args.some(({ text }) => text === "-")) {
      judgeInput(call, javascript);
      return;
    }
    if (action === undefined) {
      // A bare `yarn`, `bun install`-like line installs; others print their help.
      call.add(call.program === "yarn" ? "deps.install" : "read");
      return;
    }
    const code = args.findIndex(({ text }) => /^(-e|--eval|-p|--print)/.test(text));
    // Behind the first word they are that one's: `bun x tsc -p .`.
    if (call.program === "bun" && code >= 0 && (at < 0 || code < at)) {
      const [option, text, ...others] = args.slice(code);
      const isPlain =
        args.slice(0, code).every(({ text: each }) => each.startsWith("--conditions=")) &&
        /^(-e|--eval|-p|--print)$/.test(option?.text ?? "") &&
        others.length === 0;
      judgeCode(call, isPlain && text?.known === true ? (javascript.read?.(text.text) ?? null) : null);
      return;
    }
    const word = action.text;
    const is = (pattern: RegExp | undefined): boolean => pattern?.test(word) ?? false;
    const rule = ((): RuleId | null => {
      if (
        rest.some((each) => /^--dry-run(=true)?$/.test(each.text)) &&
        (is(spec.publishes) || is(spec.changes))
      )
        return "network.read";
      if (is(spec.secrets)) return "secret.read";
      if (is(spec.publishes)) return word === "version" && rest.length === 0 ? "read" : "publish";
      if (is(spec.outside)) return "fs.write.outside";
      if (is(spec.changes)) return "deps.change";
      if (is(spec.installs)) return "deps.install";
      if (is(spec.either)) {
        const installs = operandsOf(rest).length === 0 && !rest.some(({ text }) => WRITES_LOCK.test(text));
        return installs ? "deps.install" : "deps.change";
      }
      if (is(spec.writes)) return "fs.write";
      if (/^--?(version|v|V|help|h)$/.test(word)) return "read";
      return null;
    })();
    if (rule !== null) call.add(rule);
    else if (is(spec.reads)) readsOrChanges(call, word, rest);
    else if (is(spec.runs)) runsOwn(call, rest, place, find);
    else if (is(spec.runsSelf)) runsScript(call, action, rest, place);
    else if (is(spec.executes)) executes(call, rest, find);
    else if (call.program === "bun" && /[./]/.test(word)) runsFile(call, action);
    else if (call.program === "yarn" && word === "npm") runsAs(call, "npm", rest, manager(NPM, find));
    else if (/^(yarn|pnpm|bun)$/.test(call.program))
      runsScript(call, action, rest, place, () => executes(call, args, find));
    else call.add("unclear.program");
  };
}

/** `npm run NAME ARGS`, `bun run FILE`, `hatch run PROGRAM`. */
function runsOwn(
  call: ProgramCall,
  args: readonly ShellWord[],
  place: PackagePlace,
  find: FindAnalyser,
): void {
  const at = args.findIndex(({ text }) => !text.startsWith("-"));
  const name = args[at];
  const rest = args.slice(at + 1);
  const analyser = call.program === "hatch" && name?.known === true ? find(name.text) : undefined;
  if (name !== undefined && /^(bun|deno)$/.test(call.program) && /\.[cm]?[jt]sx?$/.test(name.text))
    runsFile(call, name);
  else if (name !== undefined && analyser !== undefined) runsAs(call, name.text, rest, analyser);
  else runsScript(call, name, rest, place);
}

function runsFile(call: ProgramCall, file: ShellWord): void {
  judgeScript(call, file, languageOfFile(file.text));
}

function runsAs(call: ProgramCall, program: string, args: readonly ShellWord[], analyser: Analyser): void {
  const inner = call.as(program, args);
  analyser(inner);
  call.effects.push(...inner.effects);
}

/** Options that say in which folder, in which package, or in several at once. */
const FOLDERS = /^(--(cwd|dir|prefix|directory|project)|-C)$/;
const PACKAGES = /^(--(filter|filter-prod|workspace|package)|-F)$/;
const SEVERAL = /^(-r|--recursive|-ws|--workspaces|--parallel)$/;

function placed({ program, args }: ProgramCall): { args: readonly ShellWord[]; place: PackagePlace } {
  const rest: ShellWord[] = [];
  let place: PackagePlace = { of: "here" };
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) break;
    const [, option = word.text, inline] = /^(--[\w-]+|-[CFw])=(.*)$/s.exec(word.text) ?? [];
    const value = inline === undefined ? args[index + 1] : { ...word, text: inline };
    const isFolder = FOLDERS.test(option);
    // `-w` is npm's; to pnpm it is the root of all workspaces. `yarn workspace NAME` says the same.
    const isPackage = PACKAGES.test(option) || (program === "npm" && option === "-w");
    const isWorkspace = program === "yarn" && rest.length === 0 && option === "workspace";
    if ((isFolder || isPackage || isWorkspace) && value !== undefined) {
      // Two packages are several.
      place =
        place.of === "here" ? { of: isFolder ? "folder" : "workspace", name: value } : { of: "several" };
      if (inline === undefined) index++;
    } else {
      if (SEVERAL.test(option) || (program === "yarn" && option === "workspaces")) place = { of: "several" };
      const places = /^(-r|-ws|--workspaces|--recursive)$/.test(option);
      // `yarn workspaces foreach run NAME` says where, and then what.
      const isEach = program === "yarn" && rest.length === 0 && /^(workspaces|foreach)$/.test(option);
      if (!places && !isEach) rest.push(word);
    }
  }
  return { args: rest, place };
}

/** `npm audit fix`, `npm config set`, `poetry env remove`: readers whose second word writes. */
function readsOrChanges(call: ProgramCall, action: string, rest: readonly ShellWord[]): void {
  const [second] = operandsOf(rest);
  const verb = second?.text ?? "";
  if (action === "audit" && (verb === "fix" || rest.some((word) => word.text === "--fix")))
    call.add("deps.change");
  else if (
    /^(config|profile|env|store|self|source|cache|pm|set)$/.test(action) &&
    /^(set|delete|rm|remove|use|unset|prune|clear|cache|update|add|fix|edit|trust|migrate)$/.test(verb)
  ) {
    call.add("fs.write.outside");
  } else
    call.add(
      /^(config|get)$/.test(action) && rest.some(({ text }) => isSecretName(text)) ? "secret.read" : "read",
    );
}

const uv =
  (find: FindAnalyser): Analyser =>
  (call) => {
    const { at, unclear } = actionOf(call.args, UV.options);
    const action = call.args[at]?.text ?? "";
    const rest = call.args.slice(at + 1);
    if (unclear) call.add("unclear.options");
    if (action === "pip") call.effects.push(...sub(call, "pip", rest, pip));
    else if (action === "run") {
      // The wrapper table has taken programs off: what is left runs a module or a script of its own.
      const from = rest.findIndex(({ text }) => /^(-m|--module|-)$|\.pyw?$/.test(text));
      const python = find("python");
      const [first, ...more] = from < 0 ? [] : rest.slice(from);
      if (first !== undefined && python !== undefined)
        runsAs(
          call,
          "python",
          [first.text === "--module" ? { ...first, text: "-m" } : first, ...more],
          python,
        );
      else if (rest.some((word) => /^(-s|--script|--gui-script)$/.test(word.text))) call.add("unclear.code");
      call.add("run.project");
      call.add("fs.write");
      if (rest.some((word) => word.text === "-" || !word.known)) call.add("unclear.code");
    } else if (action === "tool") {
      const verb = rest[0]?.text;
      if (verb === "run") executes(call, rest.slice(1), find);
      else call.add(verb === "list" || verb === "dir" ? "read" : "fs.write.outside");
    } else if (action === "lock" && rest.some((word) => /^--(check|dry-run|locked)$/.test(word.text)))
      call.add("read");
    else if (action === "sync" && rest.some((word) => /^(-U|-P|--upgrade)/.test(word.text)))
      call.add("deps.change");
    else if (action === "python" && /^(list|find|dir)$/.test(rest[0]?.text ?? "")) call.add("read");
    else manager(UV, find)(call);
  };

function sub(call: ProgramCall, program: string, args: readonly ShellWord[], analyse: Analyser) {
  const inner = call.as(program, args);
  analyse(inner);
  return inner.effects;
}

const venv: Analyser = (call) => {
  for (const word of operandsOf(call.args)) call.writes(word, "create");
  if (call.args.some((word) => word.text === "--clear")) call.add("unclear.options");
};

const DENO: Manager = {
  options: { values: /^(-L|--log-level)$/, flags: /^(-q|--quiet|--unstable\S*)$/ },
  reads: /^(info|doc|types|outdated|completions)$/,
  installs: /^(install|i|cache)$/,
  changes: /^(add|remove|uninstall|update|init|upgrade)$/,
  runs: /^task$/,
  runsSelf: /^(test|fmt|lint|check|bench|coverage)$/,
  publishes: /^(publish|deploy)$/,
};

/** Deno runs what an address names as readily as a file, and what it is given on its input. */
const deno =
  (find: FindAnalyser): Analyser =>
  (call) => {
    const fromElsewhere = call.args.some(
      (word) => !word.known || /^(https?:|npm:|jsr:|data:|-$)/.test(word.text),
    );
    const [action, ...rest] = call.args;
    if (call.args.length === 0 || fromElsewhere) call.add("unclear.code");
    if (action?.text === "eval") {
      const [code, ...more] = operandsOf(rest);
      const known = code?.known === true && more.length === 0;
      judgeCode(call, known ? (javascript.read?.(code.text) ?? null) : null);
    } else if (action?.text === "run" || /\.[cm]?[jt]sx?$/.test(action?.text ?? "")) {
      const file = operandsOf(call.args).find(({ text }) => text !== "run");
      if (file === undefined) call.add("unclear.code");
      else runsFile(call, file);
    } else manager(DENO, find)(call);
  };

/** Conda runs programs in an environment, which lies outside of the project. */
const conda =
  (find: FindAnalyser): Analyser =>
  (call) => {
    const [action, ...rest] = call.args;
    const word = action?.text ?? "";
    if (word === "run") {
      const at = rest.findIndex(
        ({ text }, index) =>
          !text.startsWith("-") && !/^(-n|-p|--name|--prefix|--cwd)$/.test(rest[index - 1]?.text ?? ""),
      );
      const program = rest[at];
      const analyser = program?.known === true ? find(program.text) : undefined;
      if (program === undefined || analyser === undefined) call.add("unclear.program");
      else runsAs(call, program.text, rest.slice(at + 1), analyser);
    } else if (word === "env")
      call.add(rest[0]?.text === "list" || rest[0]?.text === "export" ? "read" : "fs.write.outside");
    else if (word === "config")
      call.add(/^--(show|get|show-sources)/.test(rest[0]?.text ?? "") ? "read" : "fs.write.outside");
    else
      call.add(
        /^(|list|info|search|activate|deactivate|--version|-V|--help|compare|doctor)$/.test(word)
          ? "read"
          : "fs.write.outside",
      );
  };

const SYSTEM_OPTIONS: OptionNames = {
  values:
    /^(-[octXpR]|--(option|config-file|target-release|repo|repofrompath|enablerepo|disablerepo|releasever|installroot|root|repository|arch|setopt))$/,
  flags:
    /^(-[qyvdnas]+|--(quiet|verbose|debug|yes|assume-yes|assumeyes|assumeno|json|installed|upgradable|available|all|formula|cask|non-interactive|no-\S+))$/,
};

/** Package managers of the system: whatever they change lies outside the project. */
const systemManager: Analyser = (call) => {
  // What pacman does is said by options.
  if (call.program === "pacman") {
    call.add(call.args.some((word) => /^-(Q|Ss|Si|F)/.test(word.text)) ? "read" : "fs.write.outside");
    return;
  }
  const { at, unclear } = actionOf(call.args, SYSTEM_OPTIONS);
  const action = call.args[at];
  const reads =
    /^(list|search|show|info|policy|depends|rdepends|files|home|config|doctor|outdated|deps|uses|leaves|view|query|repolist|check-update)$/;
  call.add(!unclear && (action === undefined || reads.test(action.text)) ? "read" : "fs.write.outside");
};

/** The analysers of package managers; `find` gives those of the programs that they run. */
export function packages(find: FindAnalyser): Readonly<Record<string, Analyser>> {
  const of = (spec: Manager): Analyser => manager(spec, find);
  const executor: Analyser = (call) => executes(call, call.args, find);
  return {
    npm: of(NPM),
    pnpm: of(PNPM),
    yarn: of(YARN),
    bun: of(BUN),
    poetry: of(POETRY),
    pdm: of(POETRY),
    pipenv: of({
      ...POETRY,
      changes: /^(install|uninstall|update|lock|upgrade|clean)$/,
      installs: /^(sync)$/,
    }),
    hatch: of({ ...POETRY, runs: /^(run|test|fmt|build|shell)$/ }),
    pip,
    pip3: pip,
    uv: uv(find),
    uvx: executor,
    npx: executor,
    bunx: executor,
    pnpx: executor,
    pipx: (call) => {
      if (call.args[0]?.text === "run") executes(call, call.args.slice(1), find);
      else call.add(call.args[0]?.text === "list" ? "read" : "fs.write.outside");
    },
    venv,
    virtualenv: venv,
    bundle: of({
      options: { values: /^$/, flags: /^--(no-color|verbose)$/ },
      reads: /^(list|show|info|outdated|check|config|platform|exec|viz|doctor)$/,
      installs: /^(install)$/,
      changes: /^(add|remove|update|lock|init)$/,
    }),
    composer: of({
      options: {
        values: /^(-d|--working-dir)$/,
        flags: /^(-[qnv]+|--(quiet|verbose|no-[\w-]+|ansi|profile|dry-run))$/,
      },
      reads: /^(show|outdated|validate|why|depends|licenses|diagnose|status|audit)$/,
      installs: /^(install|dump-autoload|dumpautoload)$/,
      changes: /^(require|remove|update|create-project|init)$/,
      runs: /^(run|run-script|exec)$/,
      runsSelf: /^(test|lint|check|analyse|analyze|phpstan|cs|format|start|dev)$/,
    }),
    deno: deno(find),
    ...Object.fromEntries(
      [
        "apt",
        "apt-get",
        "dpkg",
        "dnf",
        "yum",
        "pacman",
        "zypper",
        "apk",
        "brew",
        "snap",
        "flatpak",
        "port",
        "nix-env",
        "gem",
      ].map((name) => [name, systemManager]),
    ),
    "apt-cache": (call) => call.add("read"),
    ...Object.fromEntries(["conda", "mamba", "micromamba"].map((name) => [name, conda(find)])),
  };
}
