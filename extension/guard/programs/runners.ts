import type { Analyser, ProgramCall } from "../call.ts";
import type { ShellWord } from "../../shell/command.ts";

/** Tests, linters, formatters, compilers: they run the project's code and write its outputs. */
const PROJECT_TOOLS =
  "pytest py.test tox nox unittest coverage flake8 pylint mypy pyright basedpyright ty ruff black isort autopep8 yapf bandit " +
  "pycodestyle pydocstyle pyflakes vulture djlint pip-audit pre-commit sphinx-build mkdocs " +
  "tsc tsgo eslint oxlint oxfmt prettier biome jest vitest mocha ava c8 nyc tap playwright cypress esbuild rollup webpack vite swc " +
  "babel tsup tsx ts-node knip stylelint markdownlint markdownlint-cli2 cspell turbo nx lerna next nuxt astro storybook " +
  "rustc rustfmt clippy-driver gofmt goimports golangci-lint staticcheck gcc g++ cc c++ clang clang++ clang-format clang-tidy ld ar " +
  "javac java javadoc kotlinc scalac ktlint checkstyle cmake ctest ninja meson bazel buck2 autoconf automake " +
  "rspec rubocop minitest phpunit phpstan shellcheck shfmt hadolint yamllint actionlint ansible-lint tflint taplo protoc buf " +
  "swift xcodebuild swiftlint flutter dart elixir mix ghc cabal stack zig sbt lein clj uvicorn gunicorn flask";

export function isProjectTool(program: string): boolean {
  return runners[program] === projectTool;
}

/** Programs that give other things than their arguments a say: publishing sub-commands and the like. */
const PUBLISHES = /^(publish|deploy|upload|release|login|gh-deploy|hex\.publish)$/;

/** Tools that run what the project named, databases included. */
const RUNS_NAMED = /^(mix|turbo|nx|lerna|next|flask)$/;

const projectTool: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  if (
    /^(tsx|ts-node)$/.test(call.program) &&
    texts.some((text) => /^(-[a-zA-Z]*[ep]|--eval|--print)/.test(text))
  )
    call.add("unclear.code");
  if (call.program === "cmake" && texts.some((text) => /^-[EP]/.test(text))) call.add("unclear.code");
  if (RUNS_NAMED.test(call.program) && texts.some((text) => RISKY_NAME.test(text))) call.add("unclear.code");
  if (call.args.some((word) => PUBLISHES.test(word.text))) call.add("publish");
  call.add("run.project");
  call.add("fs.write");
  writesReports(call);
};

/** Options of tools that name a file for what they find or make. */
const REPORT =
  /^--(out(put)?(-?file)?|outfile|junit-?xml|report-log|result-log|log-file|output-path|bundle)(=|$)/i;
/** Tools whose `-o` is such a file, too. */
const SHORT_REPORT = /^(gcc|g\+\+|cc|c\+\+|clang|clang\+\+|ld|rustc|ghc|eslint|stylelint|coverage)$/;

/** `onto`: the call that the effects belong to, where another program runs the tool. */
export function writesReports(call: ProgramCall, onto: ProgramCall = call): void {
  for (const [index, word] of call.args.entries()) {
    const long = REPORT.exec(word.text)?.[0];
    const isShort = SHORT_REPORT.test(call.program) && /^-o(?!pt)/.test(word.text);
    if (long === undefined && !isShort) continue;
    const text = word.text.slice(long === undefined ? 2 : long.length);
    const target = text === "" && !word.text.endsWith("=") ? call.args[index + 1] : { ...word, text };
    if (target !== undefined && target.text !== "" && !target.text.startsWith("-"))
      onto.writes(target, "overwrite");
  }
}

/** Names of scripts and targets that by their name do more than test, build and run. */
const RISKY_NAME =
  /(^|[:_.-])(deploy|publish|release|clean|clobber|distclean|reset|purge|wipe|nuke|destroy|drop|delete|remove|prune|uninstall|migrate|seed|rollback|push|ship|prod(uction)?|login)([:_.-]|$)/i;

/** Runs a script of package.json, a Makefile target or the like, by its name. */
export function runsNamed(call: ProgramCall, name: ShellWord | undefined): void {
  if (name !== undefined && (!name.known || RISKY_NAME.test(name.text))) call.add("unclear.code");
  call.add("run.project");
  call.add("fs.write");
}

const make: Analyser = (call) => {
  if (
    call.args.some((word) => /^(-n|--just-print|--dry-run|--recon|-p|--print|-v|--version)$/.test(word.text))
  ) {
    call.add("read");
    return;
  }
  const targets = call.args.filter((word) => !word.text.startsWith("-") && !word.text.includes("="));
  if (call.args.some((word) => /^(--eval|-E)/.test(word.text))) call.add("unclear.code");
  if (call.args.some(readsMakefileFromInput)) call.add("unclear.code");
  for (const target of targets) runsNamed(call, target);
  if (targets.length === 0) runsNamed(call, undefined);
};

function readsMakefileFromInput({ text }: ShellWord, index: number, all: readonly ShellWord[]): boolean {
  const named = /^(?:-[a-zA-Z]*f|--file=|--makefile=)(.+)$/.exec(text)?.[1];
  const next = /^(-[a-zA-Z]*f|--file|--makefile)$/.test(text) ? all[index + 1]?.text : undefined;
  return /^(-|\/dev\/(stdin|fd\/\d+))$/.test(named ?? next ?? "");
}

/** How an interpreter is told what to run. */
interface Interpreter {
  /** Options whose value is code. */
  readonly code: RegExp;
  /** Options that take the next word. */
  readonly values: RegExp;
  /** Options after which only something is printed. */
  readonly prints: RegExp;
  /** The option that names a module, in the same word or the next. */
  readonly module?: RegExp;
}

const PYTHON: Interpreter = {
  code: /^-[a-zA-Z]*c/,
  values: /^-[WX]$/,
  prints: /^(-V+|--version|-h|--help|-VV)$/,
  module: /^-[bBdEiIOqsSuvx]*m(.*)$/s,
};
const NODE: Interpreter = {
  code: /^(-e|--eval|-p|--print|-pe|-r|--require|--import|--loader|--experimental-loader)/,
  values: /^(-C|--conditions|--env-file|--test-reporter|--test-name-pattern|--title)$/,
  prints: /^(-v|--version|-h|--help|--v8-options|--check|-c)$/,
};
const SCRIPTING: Interpreter = { code: /^-[a-zA-Z]*[eErIM]/, values: /^$/, prints: /^(-v|--version|-V|-c)$/ };

/** The command lines of web frameworks, and what of them changes databases. */
const MANAGES = /(^|\/)(manage\.py|artisan|rails|console)$/;
const CHANGES_DATA =
  /^(flush|reset_db|migrate|sqlflush|dbshell|shell|shell_plus|loaddata|tinker|(db|migrate|doctrine):[\w:-]+)$/;

/** Modules of Python's library that only read or print. */
const QUIET_MODULES = new Set([
  "json.tool",
  "platform",
  "site",
  "sysconfig",
  "tokenize",
  "dis",
  "ast",
  "this",
  "calendar",
  "base64",
]);

/** Modules that unpack over files, and those that run what they are told. */
const PACKS = /^(zipfile|tarfile|gzip)$/;
const TALKS = /^(code|pdb|IPython|ptpython|bpython|runpy|cProfile|profile)$/;

function interpreter(
  spec: Interpreter,
  modules: (call: ProgramCall, name: string, rest: readonly ShellWord[]) => void,
): Analyser {
  return (call) => {
    const { args } = call;
    for (let index = 0; index < args.length; index++) {
      const word = args[index];
      if (word === undefined) break;
      const { text } = word;
      if (!word.known && word.prefix === undefined) {
        call.add("unclear.code");
        return;
      }
      if (spec.prints.test(text)) {
        call.add("read");
        return;
      }
      const module = spec.module?.exec(text)?.[1];
      if (module !== undefined) {
        const attached = module !== "";
        modules(
          call,
          attached ? module : (args[index + 1]?.text ?? ""),
          args.slice(index + (attached ? 1 : 2)),
        );
        return;
      }
      if (spec.code.test(text)) {
        call.add("unclear.code");
        return;
      }
      if (spec.values.test(text)) index++;
      else if (!text.startsWith("-")) {
        if (MANAGES.test(text) && args.slice(index + 1).some((each) => CHANGES_DATA.test(each.text)))
          call.add("remote.change");
        call.add("run.project");
        call.add("fs.write");
        return;
      } else if (text === "-") break;
    }
    // No program named: it reads code from its input, or talks to a person.
    call.add(spec === NODE && args.some((word) => word.text === "--test") ? "run.project" : "unclear.code");
  };
}

function pythonModule(analyseProgram: (call: ProgramCall) => void) {
  return (call: ProgramCall, name: string, rest: readonly ShellWord[]): void => {
    const operands = rest.filter((word) => !word.text.startsWith("-"));
    if (name === "json.tool" && operands[1] !== undefined) call.writes(operands[1], "overwrite");
    if (QUIET_MODULES.has(name)) call.reads(operands.slice(0, 1));
    else if (PACKS.test(name) && !rest.some((word) => /^(-l|-t|--list|--test)$/.test(word.text)))
      call.add("unclear.options");
    else if (TALKS.test(name) && rest.length > 0) call.add("unclear.code");
    else if (name === "pip" || name === "venv" || name === "virtualenv") {
      const inner = call.as(name, rest);
      analyseProgram(inner);
      call.effects.push(...inner.effects);
    } else if (name === "timeit" || name === "trace" || name === "") call.add("unclear.code");
    else {
      call.add("run.project");
      call.add("fs.write");
    }
  };
}

/** The analysers of interpreters; `analyseProgram` judges a module that is a program of its own, such as pip. */
export function interpreters(
  analyseProgram: (call: ProgramCall) => void,
): Readonly<Record<string, Analyser>> {
  const python = interpreter(PYTHON, pythonModule(analyseProgram));
  const node = interpreter(NODE, () => {});
  const scripting = interpreter(SCRIPTING, () => {});
  return {
    python,
    python2: python,
    python3: python,
    pypy: python,
    pypy3: python,
    node,
    nodejs: node,
    ruby: scripting,
    perl: scripting,
    php: scripting,
    lua: scripting,
    Rscript: scripting,
  };
}

/** Cargo, go, dotnet, maven and gradle: sub-commands that publish, change dependencies, or write elsewhere. */
const BUILD_TOOLS: Readonly<Record<string, { changes: RegExp; publishes: RegExp; outside?: RegExp }>> = {
  cargo: {
    changes: /^(add|remove|rm|update)$/,
    publishes: /^(publish|yank|owner|login|logout)$/,
    outside: /^(install|uninstall)$/,
  },
  go: { changes: /^get$/, publishes: /^$/, outside: /^install$/ },
  dotnet: { changes: /^(add|remove)$/, publishes: /^(nuget|publish)$/, outside: /^(tool|workload)$/ },
  mvn: { changes: /^versions:/, publishes: /^(deploy|release:.*|.*:deploy)$/ },
  mvnw: { changes: /^versions:/, publishes: /^(deploy|release:.*|.*:deploy)$/ },
  gradle: { changes: /^$/, publishes: /publish|upload|release|deploy/i },
  gradlew: { changes: /^$/, publishes: /publish|upload|release|deploy/i },
};

const buildTool: Analyser = (call) => {
  const spec = BUILD_TOOLS[call.program];
  const actions = call.args.filter((word) => !/^[-+]/.test(word.text));
  const [action] = actions;
  // Maven and gradle do several things in one call.
  const several = /^(mvn|gradle)w?$/.test(call.program) ? actions : actions.slice(0, 1);
  if (spec === undefined || (action !== undefined && !action.known)) call.add("unclear.options");
  else if (several.some((word) => spec.publishes.test(word.text))) call.add("publish");
  else if (call.program === "dotnet" && action?.text === "ef") call.add("remote.change");
  else if (action !== undefined && spec.changes.test(action.text)) call.add("deps.change");
  else if (action !== undefined && spec.outside?.test(action.text)) call.add("fs.write.outside");
  else {
    call.add("run.project");
    call.add("fs.write");
  }
};

export const runners: Readonly<Record<string, Analyser>> = {
  ...Object.fromEntries(PROJECT_TOOLS.split(/\s+/).map((name) => [name, projectTool])),
  ...Object.fromEntries(Object.keys(BUILD_TOOLS).map((name) => [name, buildTool])),
  make,
  gmake: make,
  just: make,
  task: make,
  rake: make,
  mage: make,
  invoke: make,
};
