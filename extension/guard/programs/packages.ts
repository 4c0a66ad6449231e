import type { RuleId } from "../../policy/rules.ts";
import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { readJavaScript } from "../code/javascript.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { runsNamed, writesReports } from "./runners.ts";

/** First words of a package manager, by what they do. What is in no group is not understood. */
interface Manager {
  readonly reads: RegExp;
  readonly installs: RegExp;
  readonly changes: RegExp;
  /** Installs from the lock without arguments, changes dependencies with them. */
  readonly either?: RegExp;
  readonly publishes?: RegExp;
  readonly outside?: RegExp;
  readonly writes?: RegExp;
  /** Runs a named script: the next word, or the word itself. */
  readonly runs?: RegExp;
  readonly runsSelf?: RegExp;
  /** Runs a program of a package. */
  readonly executes?: RegExp;
  readonly secrets?: RegExp;
}

const NPM: Manager = {
  reads:
    /^(ls|list|la|ll|view|info|show|v|outdated|why|explain|root|prefix|bin|ping|whoami|doctor|help|search|find|fund|query|docs|repo|bugs|home|audit|config|get|diff|sbom|completion|help-search|profile)$/,
  installs: /^(ci|clean-install|rebuild|rb|prune|install-clean|cit|install-ci-test)$/,
  either: /^(i|in|ins|inst|insta|instal|install|it|install-test)$/,
  changes:
    /^(uninstall|un|unlink|remove|rm|r|update|up|upgrade|udpate|dedupe|ddp|add|init|create|innit|shrinkwrap|set|edit)$/,
  publishes:
    /^(publish|unpublish|deprecate|undeprecate|dist-tag|dist-tags|owner|author|access|token|team|org|hook|star|unstar|version|verison)$/,
  outside: /^(link|ln|cache)$/,
  writes: /^(pack|pkg)$/,
  runs: /^(run|run-script|rum|urn)$/,
  runsSelf: /^(test|t|tst|start|stop|restart)$/,
  executes: /^(exec|x)$/,
  secrets: /^(login|logout|adduser|add-user)$/,
};

const PNPM: Manager = {
  ...NPM,
  reads:
    /^(ls|list|ll|why|outdated|root|bin|audit|licenses|help|config|store|doctor|view|info|env|cat-file|cat-index|find-hash|server)$/,
  installs: /^(ci|fetch|rebuild|rb|prune)$/,
  either: /^(i|install)$/,
  changes:
    /^(add|remove|rm|un|uninstall|update|up|upgrade|dedupe|import|patch|patch-commit|init|create|approve-builds)$/,
  executes: /^(exec|dlx)$/,
};

const YARN: Manager = {
  ...NPM,
  reads:
    /^(list|info|why|outdated|audit|licenses|help|config|versions|node|constraints|explain|search|bin|--version)$/,
  installs: /^(rebuild|--frozen-lockfile|--immutable)$/,
  either: /^(install)$/,
  changes:
    /^(add|remove|up|upgrade|upgrade-interactive|dedupe|set|init|create|import|plugin|patch|patch-commit|autoclean|link|unlink)$/,
  executes: /^(exec|dlx)$/,
};

const BUN: Manager = {
  reads: /^(pm|outdated|why|info|help|audit|repl|--version|--revision|-v|--help)$/,
  installs: /^(ci)$/,
  either: /^(i|install)$/,
  changes: /^(a|add|rm|remove|update|init|create|c|link|unlink|patch)$/,
  publishes: /^(publish)$/,
  outside: /^(upgrade)$/,
  writes: /^(build|check|fmt)$/,
  runs: /^(run)$/,
  runsSelf: /^(test|start|dev)$/,
  executes: /^(x)$/,
};

const POETRY: Manager = {
  reads: /^(show|check|env|version|config|about|list|search|help|source|debug)$/,
  installs: /^(install|sync)$/,
  changes: /^(add|remove|update|lock|init|new|self|cache)$/,
  publishes: /^(publish)$/,
  writes: /^(build|export)$/,
};

const UV: Manager = {
  reads: /^(tree|version|help|self|--version|-V|format)$/,
  installs: /^(sync)$/,
  changes: /^(add|remove|lock|init)$/,
  publishes: /^(publish)$/,
  outside: /^(cache|python)$/,
  writes: /^(build|export|venv)$/,
  runs: /^(run)$/,
};

/** Tools that people run by `uvx`, `npx` or `pipx run` without installing them: known, and harmless. */
const KNOWN_TOOLS =
  /^(ruff|ty|black|isort|mypy|pyright|basedpyright|flake8|pylint|pytest|tox|nox|pre-commit|tsc|typescript|eslint|prettier|oxlint|biome|@biomejs\/biome|jest|vitest|mocha|playwright|knip|markdownlint|markdownlint-cli2|stylelint|cspell|tsx|ts-node|vite|esbuild|rollup|webpack|turbo|nx|next|astro|svelte-check|vue-tsc|c8|nyc|rimraf)(@[\w.^~-]+)?$/;

function operandsOf(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.filter((word) => !word.text.startsWith("-"));
}

/** Options of the executors themselves that leave open neither what is run nor where it comes from. */
const PLAIN_EXECUTION =
  /^(-y|--yes|--no|--no-install|-q|--quiet|-s|--silent|--bun|--offline|--prefer-offline|--isolated|--no-cache|--)$/;

function executes(call: ProgramCall, args: readonly ShellWord[]): void {
  const at = args.findIndex((word) => !word.text.startsWith("-"));
  const program = args[at];
  const rest = at < 0 ? [] : args.slice(at + 1);
  // npm takes options of its own anywhere before `--`; to others, what follows the program is the program's.
  const ends = args.findIndex((word) => word.text === "--");
  const own =
    call.program === "npm" ? args.slice(0, ends < 0 ? undefined : ends) : args.slice(0, Math.max(at, 0));
  const isNpms = /^(-c|--call|-p|--package)(=|$)/;
  const changes = (word: ShellWord, index: number): boolean =>
    word.text.startsWith("-") && !PLAIN_EXECUTION.test(word.text) && (index < at || isNpms.test(word.text));
  // Another package than the one that is named can bring the program.
  if (own.some(changes)) call.add("unclear.program");
  call.add("run.project");
  call.add("fs.write");
  if (program === undefined || !program.known || !KNOWN_TOOLS.test(program.text)) call.add("unclear.program");
  else if (program.text === "rimraf") call.add("unclear.options");
  else writesReports(call.as(program.text.replace(/(?<=.)@.*$/, ""), rest), call);
}

function manager(spec: Manager): Analyser {
  return (call) => {
    const args = withoutPlaces(call);
    const at = args.findIndex(
      (word) => !word.text.startsWith("-") || /^--?(version|v|V|help|h)$/.test(word.text),
    );
    const action = args[at];
    const rest = args.slice(at + 1);
    if (args.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
    if (args.some((word) => /^(-g|--global|--location=global)$/.test(word.text)))
      call.add("fs.write.outside");
    if (action === undefined) {
      // A bare `yarn`, `bun install`-like line installs; others print their help.
      call.add(call.program === "yarn" ? "deps.install" : "read");
      return;
    }
    const code = args.findIndex(({ text }) => /^(-e|--eval|-p|--print)/.test(text));
    if (call.program === "bun" && code >= 0) {
      const isPlain = code === 0 && /^(-e|--eval|-p|--print)$/.test(args[0]?.text ?? "") && args.length === 2;
      judgeCode(call, isPlain && args[1]?.known === true ? readJavaScript(args[1].text) : null);
      return;
    }
    const word = action.text;
    const is = (pattern: RegExp | undefined): boolean => pattern?.test(word) ?? false;
    const rule = ((): RuleId | null => {
      if (is(spec.secrets)) return "secret.read";
      if (is(spec.publishes)) return word === "version" && rest.length === 0 ? "read" : "publish";
      if (is(spec.outside)) return "fs.write.outside";
      if (is(spec.changes)) return "deps.change";
      if (is(spec.installs)) return "deps.install";
      if (is(spec.either)) return operandsOf(rest).length === 0 ? "deps.install" : "deps.change";
      if (is(spec.writes)) return "fs.write";
      if (/^--?(version|v|V|help|h)$/.test(word)) return "read";
      return null;
    })();
    if (rule !== null) call.add(rule);
    else if (is(spec.reads)) readsOrChanges(call, word, rest);
    else if (is(spec.runs)) runsNamed(call, operandsOf(rest)[0]);
    else if (is(spec.runsSelf)) runsNamed(call, action);
    else if (is(spec.executes)) executes(call, rest);
    else if (call.program === "yarn" || call.program === "pnpm") runsNamed(call, action);
    else if (call.program === "bun" && /[./]/.test(word)) runsNamed(call, undefined);
    else call.add("unclear.program");
  };
}

/** Options that say in which package, and take the next word; `yarn workspace NAME` says the same. */
const PLACES = /^(--(filter|filter-prod|cwd|dir|prefix|workspace|project|directory|package)|-[FC])$/;

function withoutPlaces({ program, args }: ProgramCall): readonly ShellWord[] {
  const rest: ShellWord[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) break;
    // `-w` is npm's; to others it is a flag.
    const takesNext = PLACES.test(word.text) || (program === "npm" && word.text === "-w");
    if (takesNext || (rest.length === 0 && word.text === "workspace")) index++;
    else rest.push(word);
  }
  return rest;
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
  } else call.add("read");
}

const pip: Analyser = (call) => {
  const args = call.args.filter(
    (word) => !/^(-q|-v|--quiet|--verbose|--disable-pip-version-check|--no-input)$/.test(word.text),
  );
  const [action, ...rest] = args;
  const word = action?.text ?? "";
  if (args.some((each) => !each.known && each.prefix === undefined)) call.add("unclear.options");
  if (
    /^(list|show|freeze|check|index|debug|help|inspect|hash|-V|--version|--help|tree)$/.test(word) ||
    word === ""
  )
    call.add("read");
  else if (word === "install") {
    const from = rest.some((each) => /^(-r|--requirements?|-e|--editable|-c)/.test(each.text));
    const valued = new Set([
      "-r",
      "--requirement",
      "--requirements",
      "-c",
      "--constraint",
      "-e",
      "--editable",
      "-i",
      "--index-url",
      "--extra-index-url",
      "-f",
      "--find-links",
      "-t",
      "--target",
      "--python-version",
      "--platform",
      "--prefix",
      "--root",
      "--python",
      "-p",
      "--group",
    ]);
    const packages = rest.filter((each, index) => {
      return !each.text.startsWith("-") && !valued.has(rest[index - 1]?.text ?? "");
    });
    const own = packages.every((each) => /^\.(\[[\w,-]+\])?$|^\.\//.test(each.text));
    if (rest.some((each) => /^(-t|--target|--prefix|--root|--user|--break-system-packages)/.test(each.text)))
      call.add("fs.write.outside");
    call.add(own && (from || packages.length > 0) ? "deps.install" : "deps.change");
  } else if (word === "sync") call.add("deps.install");
  else if (word === "uninstall") call.add("deps.change");
  else if (word === "compile") {
    const at = rest.findIndex((each) => /^(-o|--output-file)$/.test(each.text));
    const output = at >= 0 ? rest[at + 1] : undefined;
    call.add("read");
    if (output !== undefined) call.writes(output, "overwrite");
  } else if (/^(download|wheel)$/.test(word)) call.add("fs.write");
  else if (/^(cache|config)$/.test(word)) {
    call.add(/^(dir|info|list|get|debug)$/.test(rest[0]?.text ?? "") ? "read" : "fs.write.outside");
  } else call.add("unclear.program");
};

const uvManager = manager(UV);

const uv: Analyser = (call) => {
  const at = call.args.findIndex((word) => !word.text.startsWith("-"));
  const action = call.args[at]?.text ?? "";
  const rest = call.args.slice(at + 1);
  if (action === "pip") call.effects.push(...sub(call, "pip", rest, pip));
  else if (action === "run") {
    // The wrapper table has taken programs off: what is left runs a module or a script of its own.
    call.add("run.project");
    call.add("fs.write");
    if (rest.some((word) => word.text === "-" || !word.known)) call.add("unclear.code");
  } else if (action === "tool") {
    const verb = rest[0]?.text;
    if (verb === "run") executes(call, rest.slice(1));
    else call.add(verb === "list" || verb === "dir" ? "read" : "fs.write.outside");
  } else if (action === "lock" && rest.some((word) => /^--(check|dry-run|locked)$/.test(word.text)))
    call.add("read");
  else if (action === "sync" && rest.some((word) => /^(-U|-P|--upgrade)/.test(word.text)))
    call.add("deps.change");
  else if (action === "python" && /^(list|find|dir)$/.test(rest[0]?.text ?? "")) call.add("read");
  else uvManager(call);
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

const denoManager = manager({
  reads: /^(info|doc|types|outdated|completions)$/,
  installs: /^(install|i|cache)$/,
  changes: /^(add|remove|uninstall|update|init|upgrade)$/,
  runs: /^task$/,
  runsSelf: /^(test|fmt|lint|check|bench|run|coverage)$/,
  publishes: /^publish$/,
});

/** Deno runs what an address names as readily as a file, and what it is given on its input. */
const deno: Analyser = (call) => {
  const fromElsewhere = call.args.some(
    (word) => !word.known || /^(https?:|npm:|jsr:|data:|-$)/.test(word.text),
  );
  if (call.args.length === 0 || fromElsewhere) call.add("unclear.code");
  denoManager(call);
};

const executor: Analyser = (call) => executes(call, call.args);

/** Package managers of the system: whatever they change lies outside the project. */
const systemManager: Analyser = (call) => {
  // What pacman does is said by options.
  if (call.program === "pacman") {
    call.add(call.args.some((word) => /^-(Q|Ss|Si|F)/.test(word.text)) ? "read" : "fs.write.outside");
    return;
  }
  const [action] = operandsOf(call.args);
  const reads =
    /^(list|search|show|info|policy|depends|rdepends|files|home|config|doctor|outdated|deps|uses|leaves|view|query|repolist|check-update)$/;
  call.add(action === undefined || reads.test(action.text) ? "read" : "fs.write.outside");
};

export const packages: Readonly<Record<string, Analyser>> = {
  npm: manager(NPM),
  pnpm: manager(PNPM),
  yarn: manager(YARN),
  bun: manager(BUN),
  poetry: manager(POETRY),
  pdm: manager(POETRY),
  pipenv: manager({
    ...POETRY,
    changes: /^(install|uninstall|update|lock|upgrade|clean)$/,
    installs: /^(sync)$/,
  }),
  hatch: manager({ ...POETRY, runs: /^(run|test|fmt|build|shell)$/ }),
  pip,
  pip3: pip,
  uv,
  uvx: executor,
  npx: executor,
  bunx: executor,
  pnpx: executor,
  pipx: (call) => {
    if (call.args[0]?.text === "run") executes(call, call.args.slice(1));
    else call.add(call.args[0]?.text === "list" ? "read" : "fs.write.outside");
  },
  venv,
  virtualenv: venv,
  bundle: manager({
    reads: /^(list|show|info|outdated|check|config|platform|exec|viz|doctor)$/,
    installs: /^(install)$/,
    changes: /^(add|remove|update|lock|init)$/,
  }),
  composer: manager({
    reads: /^(show|outdated|validate|why|depends|licenses|diagnose|status|audit)$/,
    installs: /^(install|dump-autoload|dumpautoload)$/,
    changes: /^(require|remove|update|create-project|init)$/,
    runs: /^(run|run-script|exec)$/,
    runsSelf: /^(test|lint|check|analyse|analyze|phpstan|cs|format|start|dev)$/,
  }),
  deno,
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
      "conda",
      "mamba",
    ].map((name) => [name, systemManager]),
  ),
  "apt-cache": (call) => call.add("read"),
};
