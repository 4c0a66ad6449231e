import type { Analyser, ProgramCall } from "../call.ts";
import { taskDestroys } from "../code/blocks.ts";
import { judgeInput, judgeOwnCode, judgeScript } from "../code/files.ts";
import { pathOf } from "../code/lookInto.ts";
import { javascript } from "../code/javascript.ts";
import { judgeCode } from "../code/judgeCode.ts";
import { judgeJust } from "../code/justfile.ts";
import { languageOfFile } from "../code/languages.ts";
import { judgeTarget } from "../code/makefile.ts";
import type { ShellWord } from "../../shell/command.ts";
import { RISKY_NAME } from "./risky.ts";
import { actionOf, type OptionNames } from "./subcommands.ts";

/** Tests, linters, formatters, compilers: they run the project's code and write its outputs. */
const PROJECT_TOOLS =
  "pytest py.test tox nox unittest coverage flake8 pylint mypy pyright basedpyright ty ruff black isort autopep8 yapf bandit " +
  "pycodestyle pydocstyle pyflakes vulture codespell djlint pip-audit pre-commit sphinx-build mkdocs " +
  "tsc tsgo eslint oxlint oxfmt prettier biome jest vitest mocha ava c8 nyc tap playwright cypress esbuild rollup webpack vite swc " +
  "babel tsup tsx ts-node knip stylelint markdownlint markdownlint-cli2 cspell turbo nx lerna next nuxt astro storybook " +
  "rustc rustfmt clippy-driver gofmt goimports golangci-lint staticcheck gcc g++ cc c++ clang clang++ clang-format clang-tidy ld ar " +
  "javac java javadoc kotlinc scalac ktlint checkstyle cmake ctest ninja meson bazel buck2 autoconf automake " +
  "rspec rubocop minitest phpunit phpstan shellcheck shfmt hadolint yamllint actionlint ansible-lint tflint taplo protoc buf " +
  "swift xcodebuild swiftlint flutter dart elixir mix ghc cabal stack zig sbt lein clj uvicorn gunicorn hypercorn";

export function isProjectTool(program: string): boolean {
  return runners[program] === projectTool;
}

/** Programs that give other things than their arguments a say: publishing sub-commands and the like. */
const PUBLISHES = /^(publish|deploy|upload|release|login|gh-deploy|hex\.publish)$/;

/** Tools that run what the project named, databases included. */
const RUNS_NAMED = /^(mix|turbo|nx|lerna|next|sbt|lein|dart|flutter|swift)$/;

/** Tools that take a program's text as an option. */
const TAKES_CODE = /^(tsx|ts-node|elixir|mix|ghc|clj|swift|babel-node|stack|dart|kotlinc|scala)$/;

/** Those of them that take it for TypeScript. */
const READS_TYPESCRIPT = /^(tsx|ts-node)$/;

/** Those that run a file which their first operand names. */
const RUNS_FILE = /^(tsx|ts-node|elixir|babel-node)$/;

const projectTool: Analyser = (call) => {
  const texts = call.args.map((word) => word.text);
  const [option, code, ...others] = call.args;
  if (READS_TYPESCRIPT.test(call.program) && /^(-e|--eval|-p|--print)$/.test(option?.text ?? ""))
    judgeCode(
      call,
      code?.known === true && others.length === 0 ? (javascript.read?.(code.text) ?? null) : null,
    );
  else if (
    TAKES_CODE.test(call.program) &&
    texts.some((text) => /^(-[a-zA-Z]*[epE]$|--r?eval|--print)/.test(text))
  )
    call.add("unclear.code");
  if (RUNS_FILE.test(call.program)) {
    const file = call.args.find(({ text }) => /^[^-].*\.\w+$/.test(text));
    if (file !== undefined) judgeScript(call, file, languageOfFile(file.text));
    else if (
      READS_TYPESCRIPT.test(call.program) &&
      call.args.every(({ text }) => /^(-|\/dev\/stdin)$/.test(text))
    )
      judgeInput(call, javascript);
  }
  if (/^(pytest|py\.test|unittest|doctest)$/.test(call.program)) judgeTests(call);
  if (/^(tox|nox)$/.test(call.program)) judgeTasks(call, environmentsOf(call));
  if (call.program === "pre-commit") judgePreCommit(call);
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

/** Tests are the project's own; those that the same line wrote a moment ago nobody has seen. */
function judgeTests(call: ProgramCall): void {
  const [folder] = call.folders;
  const named = call.args.filter(({ text }) => /\.py(::|$)/.test(text));
  const paths = named.flatMap((word) => pathOf(call, { ...word, text: word.text.replace(/::.*$/s, "") }));
  // `python -m unittest test_name`.
  const modules = call.args.flatMap(({ text }) =>
    /^\w+$/.test(text) && folder !== undefined ? [`${folder}/${text}.py`] : [],
  );
  const around = folder === undefined ? [] : [`${folder}/conftest.py`];
  for (const path of new Set([...paths, ...modules, ...around])) {
    const found = call.around.look?.({ paths: [path] });
    if (typeof found === "object" && found.hash === "") judgeOwnCode(call, found, languageOfFile(path));
  }
  const base = call.args.findIndex(({ text }) => text.startsWith("--basetemp"));
  const word = call.args[base];
  if (word === undefined) return;
  const [, attached] = /^--basetemp=(.*)$/s.exec(word.text) ?? [];
  const target = attached === undefined ? call.args[base + 1] : { ...word, text: attached };
  // It is emptied first.
  if (target !== undefined) call.deletes([target], true);
}

/** Hooks of git are what it installs and takes away. */
function judgePreCommit(call: ProgramCall): void {
  const action = call.args.find(({ text }) => !text.startsWith("-"));
  if (/^(install|uninstall|autoupdate|init-templatedir|migrate-config)$/.test(action?.text ?? ""))
    call.add("fs.write.protected");
}

/** `tox -e A,B` and `nox -s A B`. */
function environmentsOf({ program, args }: ProgramCall): readonly string[] {
  const option = program === "tox" ? /^-e$/ : /^(-s|-e|--sessions?)$/;
  const at = args.findIndex(({ text }) => option.test(text));
  if (at < 0) return [];
  const more = args.slice(at + 1);
  const end = more.findIndex(({ text }) => text.startsWith("-"));
  const named = program === "tox" ? more.slice(0, 1) : more.slice(0, end < 0 ? undefined : end);
  return named.flatMap(({ text }) => text.split(","));
}

function judgeTasks(call: ProgramCall, tasks: readonly string[]): void {
  const destroys = tasks.some((task) => taskDestroys(call, call.program, task));
  if (destroys) call.add("unclear.code", [], call.words, { destroys: true });
  else if (tasks.some((task) => RISKY_NAME.test(task))) call.add("unclear.code");
}

/** Runs a target by its name, and says whether what it runs could be seen. */
type JudgeTarget = (call: ProgramCall, target: string | null, risky: boolean) => boolean;

function runsTarget(call: ProgramCall, name: ShellWord | undefined, judge: JudgeTarget): void {
  const risky = name !== undefined && (!name.known || RISKY_NAME.test(name.text));
  const seen = (name === undefined || name.known) && judge(call, name?.text ?? null, risky);
  if (risky && !seen) call.add("unclear.code");
  call.add("run.project");
  call.add("fs.write");
}

/** Options of make, just and task that take the next word. */
const TARGET_VALUES =
  /^(-[fCIoWdt]|--(file|makefile|directory|justfile|working-directory|taskfile|dir|old-file|what-if|include-dir))$/;

function targetsOf({ args }: ProgramCall): readonly ShellWord[] {
  return args.filter(({ text }, at) => {
    const before = args[at - 1]?.text ?? "";
    const set = before === "--set" || args[at - 2]?.text === "--set";
    return !/^[-+]/.test(text) && !text.includes("=") && !set && !TARGET_VALUES.test(before);
  });
}

function runsTargets(call: ProgramCall, judge: JudgeTarget): void {
  const targets = targetsOf(call);
  for (const target of targets) runsTarget(call, target, judge);
  if (targets.length === 0) runsTarget(call, undefined, judge);
}

const make: Analyser = (call) => {
  if (
    call.args.some((word) => /^(-n|--just-print|--dry-run|--recon|-p|--print|-v|--version)$/.test(word.text))
  ) {
    call.add("read");
    return;
  }
  if (call.args.some((word) => /^(--eval|-E)/.test(word.text))) call.add("unclear.code");
  if (call.args.some(namesUnreadMakefile)) call.add("unclear.code");
  runsTargets(call, judgeTarget);
};

const just: Analyser = (call) => {
  const tells =
    /^(-l|--list|-n|--dry-run|-s|--show|--summary|--evaluate|--variables|--dump|-V|--version|-h|--help)$/;
  if (call.args.some(({ text }) => tells.test(text))) call.add("read");
  else if (call.args.some(({ text }) => /^(-c|--command|--shell|--shell-arg|-e|--edit)$/.test(text)))
    call.add("unclear.code");
  else runsTargets(call, judgeJust);
};

/** Runners whose tasks are written in a language of their own. */
const tasks: Analyser = (call) => {
  const program = call.program === "inv" ? "invoke" : call.program;
  const tells =
    /^(-[lTPWD]|--list(-all)?|--tasks|--prereqs|--where|--describe|--dry-run|-n|--dry|--version|--help|-h|-V)$/;
  if (call.args.some(({ text }) => tells.test(text))) {
    call.add("read");
    return;
  }
  if (
    program === "rake" &&
    call.args.some(({ text }) => /^(-[efrI]|--execute|--rakefile|--require)/.test(text))
  )
    call.add("unclear.code");
  for (const target of targetsOf(call)) {
    if (program === "rake" && /^db:(?!version$|migrate:status$)/.test(target.text)) call.add("remote.change");
    if (target.known && taskDestroys(call, program, target.text))
      call.add("unclear.code", [], call.words, { destroys: true });
  }
  runsTargets(call, () => false);
};

/** Rules that come from the input, or from what is made as the line runs. */
function namesUnreadMakefile(word: ShellWord, index: number, all: readonly ShellWord[]): boolean {
  const [, named] = /^(?:-[a-zA-Z]*f|--file=|--makefile=)(.*)$/.exec(word.text) ?? [];
  const next = /^(-[a-zA-Z]*f|--file|--makefile)$/.test(word.text) ? all[index + 1] : undefined;
  const file = next ?? (named === undefined ? undefined : { ...word, text: named });
  return file !== undefined && (!file.known || /^(-|\/dev\/(stdin|fd\/\d+)|\/proc\/.*)$/.test(file.text));
}

/** Cargo, go, dotnet, maven and gradle: sub-commands that publish, change dependencies, or write elsewhere. */
const BUILD_TOOLS: Readonly<
  Record<string, { changes: RegExp; publishes: RegExp; outside?: RegExp; options?: OptionNames }>
> = {
  cargo: {
    options: {
      values: /^(-[CZ]|--(config|color|manifest-path|lockfile-path|target-dir|jobs|explain))$/,
      flags: /^(-[qv]+|--(quiet|verbose|locked|offline|frozen|list|version))$/,
    },
    changes: /^(add|remove|rm|update)$/,
    publishes: /^(publish|yank|owner|login|logout)$/,
    outside: /^(install|uninstall)$/,
  },
  go: {
    changes: /^get$/,
    publishes: /^$/,
    outside: /^install$/,
    options: { values: /^-C$/, flags: /^$/ },
  },
  dotnet: { changes: /^(add|remove)$/, publishes: /^(nuget|publish)$/, outside: /^(tool|workload)$/ },
  mvn: { changes: /^versions:/, publishes: /^(deploy|release:.*|.*:deploy)$/ },
  mvnw: { changes: /^versions:/, publishes: /^(deploy|release:.*|.*:deploy)$/ },
  gradle: { changes: /^$/, publishes: /publish|upload|release|deploy/i },
  gradlew: { changes: /^$/, publishes: /publish|upload|release|deploy/i },
};

const NO_OPTIONS: OptionNames = { values: /^$/, flags: /^$/ };

const buildTool: Analyser = (call) => {
  const spec = BUILD_TOOLS[call.program];
  // `cargo +nightly` says which cargo.
  const args = call.args.filter((word) => !word.text.startsWith("+"));
  const { at, unclear } = actionOf(args, spec?.options ?? NO_OPTIONS);
  const actions = args.slice(at < 0 ? args.length : at).filter(({ text }) => !text.startsWith("-"));
  const [action] = actions;
  // Maven and gradle do several things in one call.
  const several = /^(mvn|gradle)w?$/.test(call.program) ? actions : actions.slice(0, 1);
  const isUnclear = unclear && spec?.options !== undefined;
  if (spec === undefined || action?.known === false || isUnclear) call.add("unclear.options");
  else if (call.program === "cargo" && call.args.some(({ text }) => text === "--dry-run"))
    call.add("run.project");
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
  just,
  task: tasks,
  rake: tasks,
  mage: tasks,
  invoke: tasks,
  inv: tasks,
};
