import type { Analyser, ProgramCall } from "../call.ts";
import { judgePackageScript, judgeTarget } from "../code/named.ts";
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
  const isRisky = name !== undefined && (!name.known || RISKY_NAME.test(name.text));
  const seen = /^g?make$/.test(call.program)
    ? (name === undefined || name.known) && judgeTarget(call, name?.text ?? null, isRisky)
    : /^(npm|pnpm|yarn|bun)$/.test(call.program) && judgePackageScript(call, name, isRisky);
  if (isRisky && !seen) call.add("unclear.code");
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
