import type { OptionNames } from "./subcommands.ts";

/** First words of a package manager, by what they do. What is in no group is not understood. */
export interface Manager {
  /** Options in front of the first word, beside those that say where: what they are isn't known where it isn't said. */
  readonly options: OptionNames;
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

const NODE_OPTIONS: OptionNames = {
  values:
    /^--(loglevel|registry|userconfig|globalconfig|cache|tag|otp|scope|omit|include|reporter|color|cache-folder|modules-folder|global-folder|mutex|network-timeout|use-yarnrc|store-dir|config|elide-lines|port|preload|conditions|env-file|workspace-concurrency|test-pattern|changed-files-ignore-pattern|script-shell)$/,
  flags:
    /^(-[sdqygDEOPbrw]|-dd+|--(silent|quiet|verbose|yes|json|global|force|bun|hot|watch|smol|stream|parallel|recursive|workspace-root|if-present|ignore-scripts|foreground-scripts|offline|prefer-offline|legacy-peer-deps|frozen-lockfile|immutable|pure-lockfile|non-interactive|production|prod|dev|save-dev|aggregate-output|include-workspace-root|color|sequential|workspaces|(no|ignore)-[\w-]+))$/,
};
const PYTHON_OPTIONS: OptionNames = {
  values:
    /^(-[CPp]|--(directory|project|config-file|cache-dir|color|python|python-preference|python-fetch|allow-insecure-host|config|python-version))$/,
  flags: /^(-[qnv]+|--(quiet|verbose|offline|native-tls|system-certs|preview|isolated|ansi|no-[\w-]+))$/,
};

export const NPM: Manager = {
  options: NODE_OPTIONS,
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

export const PNPM: Manager = {
  ...NPM,
  reads:
    /^(ls|list|ll|why|outdated|root|bin|audit|licenses|help|config|store|doctor|view|info|env|cat-file|cat-index|find-hash|server)$/,
  installs: /^(ci|fetch|rebuild|rb|prune)$/,
  either: /^(i|install)$/,
  changes:
    /^(add|remove|rm|un|uninstall|update|up|upgrade|dedupe|import|patch|patch-commit|init|create|approve-builds)$/,
  executes: /^(exec|dlx)$/,
};

export const YARN: Manager = {
  ...NPM,
  reads:
    /^(list|info|why|outdated|audit|licenses|help|config|versions|node|constraints|explain|search|bin|--version)$/,
  installs: /^(rebuild|--frozen-lockfile|--immutable)$/,
  either: /^(install)$/,
  changes:
    /^(add|remove|up|upgrade|upgrade-interactive|dedupe|set|init|create|import|plugin|patch|patch-commit|autoclean|link|unlink)$/,
  executes: /^(exec|dlx)$/,
};

export const BUN: Manager = {
  options: NODE_OPTIONS,
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

export const POETRY: Manager = {
  options: PYTHON_OPTIONS,
  reads: /^(show|check|env|version|config|about|list|search|help|source|debug)$/,
  installs: /^(install|sync)$/,
  changes: /^(add|remove|update|lock|init|new|self|cache)$/,
  publishes: /^(publish)$/,
  writes: /^(build|export)$/,
};

export const UV: Manager = {
  options: PYTHON_OPTIONS,
  reads: /^(tree|version|help|self|--version|-V|format)$/,
  installs: /^(sync)$/,
  changes: /^(add|remove|lock|init)$/,
  publishes: /^(publish)$/,
  outside: /^(cache|python)$/,
  writes: /^(build|export|venv)$/,
  runs: /^(run)$/,
};
