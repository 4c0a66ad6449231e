import type { ShellAssignment } from "../shell/command.ts";
import { isHarmlessGitVariable } from "./git/git.ts";

/** Variables that change how output looks, how much is said, and where a server of the project's own listens. */
const HARMLESS =
  /^(LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|COLUMNS|LINES|NO_COLOR|(CLI)?COLOR(_FORCE)?|CLICOLOR(_FORCE)?|FORCE_COLOR|CI|DEBUG|VERBOSE|PORT|HOST|HOSTNAME|NODE_ENV|(APP|RAILS|RACK|FLASK)_ENV|LOG_LEVEL|RUST_LOG|RUST_BACKTRACE|DEBIAN_FRONTEND|SOURCE_DATE_EPOCH|TIMEFORMAT|TIME_STYLE|GREP_COLORS?|LS_COLORS|BLOCK_?SIZE|TMPDIR|DOCKER_BUILDKIT|BUILDKIT_PROGRESS|COMPOSE_\w+|PG(HOST|PORT|USER|PASSWORD|DATABASE|APPNAME|CONNECT_TIMEOUT)|MYSQL_PWD|AWS_(PROFILE|REGION|DEFAULT_REGION|DEFAULT_OUTPUT)|(GH|GITHUB)_(TOKEN|REPO|HOST)|GH_(PROMPT_DISABLED|NO_UPDATE_NOTIFIER|FORCE_TTY)|HOMEBREW_NO_\w+|PYTHON(UNBUFFERED|DONTWRITEBYTECODE|HASHSEED|FAULTHANDLER|IOENCODING|UTF8|ASYNCIODEBUG|DEVMODE|TRACEMALLOC|OPTIMIZE|NOUSERSITE|SAFEPATH)|PIP_(DISABLE_PIP_VERSION_CHECK|NO_CACHE_DIR|NO_INPUT|ROOT_USER_ACTION|PROGRESS_BAR|QUIET|VERBOSE|(DEFAULT_)?TIMEOUT|RETRIES|BREAK_SYSTEM_PACKAGES)|UV_(NO_PROGRESS|LINK_MODE|COMPILE_BYTECODE|FROZEN|LOCKED|NO_SYNC|OFFLINE|NO_CACHE|HTTP_TIMEOUT|CONCURRENT_\w+|PYTHON_PREFERENCE|PYTHON_DOWNLOADS)|npm_config_(loglevel|fund|audit|progress|yes|color|legacy_peer_deps|update_notifier)|CARGO_(TERM_\w+|INCREMENTAL|NET_OFFLINE|PROFILE_\w+)|RUSTUP_TOOLCHAIN)$/;

/** Of the harmless ones those that choose where a program works, or on whose behalf. */
const AIMS =
  /^(PORT|HOST|HOSTNAME|NODE_ENV|(APP|RAILS|RACK|FLASK)_ENV|TMPDIR|COMPOSE_\w+|PG\w+|MYSQL_PWD|AWS_\w+|(GH|GITHUB)_(TOKEN|REPO|HOST)|RUSTUP_TOOLCHAIN)$/;

/** Variables by which shells, loaders and programs run others, load code, or the same name means another program. */
const STEERS =
  /^(PATH|LD_\w+|DYLD_\w+|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|BASHOPTS|SHELLOPTS|PS[0-4]|GLOBIGNORE|PROMPT_COMMAND|PYTHONSTARTUP|PYTHONHOME|PYTHONINSPECT|PYTHONPATH|PERL5LIB|PERL5DB|TAR_OPTIONS|CDPATH|GREP_OPTIONS|RSYNC_RSH|GOFLAGS|FCEDIT|SUDO_EDITOR|BROWSER|PERL5OPT|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|EDITOR|VISUAL|PAGER|MANPAGER|LESSOPEN|LESSCLOSE|MAKEFLAGS|MAKE|SHELL|HOME|ZDOTDIR|FPATH|XDG_CONFIG_\w+|npm_config_\w+|\w+_PROXY)$/i;

/** The same by families of names. A variable of the shell alone may be called so, and steers nothing. */
const STEERS_PROGRAMS = [
  // The system's loader, shells and what they start.
  /^(\w*_PRELOAD|GCONV_PATH|GLIBC_TUNABLES|NLSPATH|TERMINFO(_DIRS)?|HOSTALIASES|LOCPATH|MALLOC_\w+|BASH\w*|HISTFILE|INPUTRC)$/,
  /^(\w*EDITOR|\w*PAGER|\w*BROWSER|\w*ASKPASS|\w*_RSH|\w*_COMMAND|LESS\w*|VIMINIT|EXINIT|MANOPT|TERMINAL)$/,
  // Whose configuration counts, and over which machine connections go.
  /^(XDG_DATA_\w+|CURL_HOME|WGETRC|NETRC|GNUPGHOME|KUBECONFIG|(AWS|PIP|UV|NPM|DOCKER|CARGO|GH|CLOUDSDK|AZURE|ANSIBLE|HELM)_CONFIG\w*|SSH_(?!AUTH_SOCK$|TTY$|CLIENT$|CONNECTION$)\w+|SUDO_\w+|PSQLRC|PGSERVICEFILE|PGPASSFILE|PHPRC|PHP_INI_SCAN_DIR|OPENSSL_\w+|DOCKER_HOST)$/,
  // Compilers, builds and what they are told.
  /^(CC|CXX|CPP|FC|LD|AR|AS|NM|RANLIB|STRIP|LINKER|MAKEFILES|\w*FLAGS|CMAKE_\w+|\w*COMPILER\w*|RUSTC\w*|RUSTDOC\w*|CARGO_\w+|RUSTUP_\w+|GOROOT|GOPATH|GOENV|GOPROXY|GOTOOLCHAIN|GOTOOLDIR|GOCACHEPROG|GOVCS)$/,
  // Interpreters and the programs around them.
  /^(NODE_(REPL_\w+|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED|REDIRECT_WARNINGS)|BUN_(OPTIONS|INSPECT\w*)|YARN_(YARN_PATH|RC_FILENAME|PLUGINS)|ELECTRON_\w+)$/,
  /^(PYTHON\w+|PYTEST_(ADDOPTS|PLUGINS)|PIP_\w+|UV_\w+|PERL\w+|RUBY\w+|GEM_\w+|LUA_\w+|JULIA_\w+|R_\w+)$/,
  /^(\w*JAVA\w*_OPTIONS|\w+_OPTS|\w+_OPTIONS|JAVA_HOME|CLASSPATH|MAVEN_\w+|GRADLE_\w+|DOTNET_(STARTUP_HOOKS|ROOT\w*)|COR(ECLR)?_\w+|TF_CLI_\w+|ANSIBLE_\w+)$/,
  /^(AWK(LIB)?PATH|GUILE_LOAD_\w+|TCLLIBPATH|VALGRIND_LIB|BUNDLE_GEMFILE|RAKEOPT|ANT_ARGS|COMPOSER(_HOME)?)$/,
  // Tools that take options from there, or a file of them, and by those run others or write elsewhere.
  /^(PARALLEL\w*|RSYNC_\w+|RIPGREP_CONFIG_PATH|ACKRC|BAT_CONFIG_\w+|FZF_\w+|JUST_\w+|MISE_(?!ENV$)\w+|DIRENV_\w+|SCREENRC|APT_CONFIG)$/,
  /^((UN)?ZIP(OPT)?|ZIPINFO(OPT)?|GZIP(_OPT)?|BZIP2?|XZ_(OPT|DEFAULTS)|TAPE|SVN_SSH|HG|HGRCPATH|PGSYSCONFDIR|MYSQL_HOME)$/,
  /^(PKG_CONFIG|CCACHE_\w+|GCC_EXEC_PREFIX|AUTO(CONF|MAKE|HEADER|M4TE)|ACLOCAL|LIBTOOLIZE|M4|CONFIG_(SHELL|SITE)|COREPACK_(HOME|NPM_REGISTRY)|(PNPM|BUN)_CONFIG_\w+)$/,
  /^(HELM_(PLUGINS|BIN)|KUBECTL_EXTERNAL_DIFF|CLOUDSDK_PYTHON\w*|AZURE_EXTENSION_DIR|AWS_(SHARED_CREDENTIALS_FILE|DATA_PATH|ENDPOINT_URL\w*)|GH_PATH|DOCKER_CONTEXT|CONTAINER_HOST)$/,
];

const WARNINGS = /^[\w:,]*$/;
const MEMORY = /^(-Xm[sx]\d+[kmgKMG]?|-XX:\+?\w+(=\d+)?|-D[\w.]+=[\w.-]*|\s)+$/;
const COMPILED = /^(-(O\w?|g\d?|W[\w=-]*|std=[\w+]+|D\w+(=[\w.]*)?|m[\w=-]+|f(?!plugin)[\w=-]+|l\w+)|\s)*$/;
const QUIET_PAGER = /^(cat|less( -\S+)*|)$/;
const NO_EDITOR = /^(:|true|cat)$/;
const USUAL_COMPILER = /^(gcc|g\+\+|clang|clang\+\+|cc|c\+\+)(-\d+)?$/;

/** Values under which a steering variable runs nothing. */
const HARMLESS_VALUES: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [
    /^NODE_OPTIONS$/,
    /^(--(max-old-space-size|max-semi-space-size|stack-trace-limit)=\d+|--(no-warnings|trace-warnings|enable-source-maps|experimental-vm-modules|experimental-strip-types|unhandled-rejections=\w+|no-deprecation|openssl-legacy-provider)|\s)+$/,
  ],
  [/PAGER$/, QUIET_PAGER],
  [/^(EDITOR|VISUAL)$/, NO_EDITOR],
  [/^BROWSER$/, /^(none|true|:|)$/],
  // Folders of the project, as tests are run from its top.
  [/^PYTHONPATH$/, /^(?!.*(\.\.|:\/))[\w.][\w./:-]*$/],
  [/^PYTHONWARNINGS$/, WARNINGS],
  [/^PYTHONBREAKPOINT$/, /^0$/],
  [
    /^PYTEST_ADDOPTS$/,
    /^(-[xvqsl]+|--(tb=\w+|maxfail=\d+|lf|ff|no-header|color=\w+|durations=\d+|no-cov)|-n ?\w+|\s)*$/,
  ],
  [/^RUSTFLAGS$/, /^(-[DAW] ?[\w-]+|\s)*$/],
  [/^GOFLAGS$/, /^(-mod=(mod|vendor|readonly)|-race|-v|-count=\d+|\s)*$/],
  [/^(CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS)$/, COMPILED],
  // As make itself tells those below it, too: `s`, `ks -j4 --jobserver-auth=3,4`.
  [
    /^(MAKEFLAGS|MFLAGS)$/,
    /^((-?[iknsw]+|-?j ?\d*|--jobserver-(auth|fds)=[\w:,./-]+|--(no-)?print-directory)(?=\s|$)|\s)*$/,
  ],
  [/^(CC|CXX)$/, USUAL_COMPILER],
  [/^(GZIP(_OPT)?|BZIP2?|XZ_(OPT|DEFAULTS))$/, /^(-[\dev]+|-T ?\d+|--(fast|best|threads=\d+)|\s)*$/],
  [/^AWS_ENDPOINT_URL\w*$/, /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?\/?$/],
  [/^(JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JAVA_OPTS|MAVEN_OPTS|GRADLE_OPTS|SBT_OPTS)$/, MEMORY],
];

/** True for a variable that says where throw-away files lie. */
export function placesTemporary(name: string): boolean {
  return /^(TMPDIR|TEMP|TMP)$/.test(name);
}

/** True for a variable by which programs run others, load code, or work somewhere else. */
export function steersPrograms(name: string): boolean {
  return name.startsWith("GIT_") || STEERS.test(name) || STEERS_PROGRAMS.some((family) => family.test(name));
}

/**
 * What a variable is set for: a program that is the project's own or runs its code, one of the system's, or nothing but
 * the shell itself.
 */
export type SetFor = "project" | "system" | "shell";

export type AssignmentMeaning = "harmless" | "steers" | "interlock";

/**
 * What setting a variable means. A name that no list knows is the project's own affair where its code runs; in front
 * of any other program nobody can say what it does.
 */
export function meaningOf(assignment: ShellAssignment, setFor: SetFor): AssignmentMeaning {
  const { name, value } = assignment;
  if (name.startsWith("INTERLOCK")) return "interlock";
  if (name.startsWith("GIT_")) return isHarmlessGitVariable(name, value) ? "harmless" : "steers";
  // `BASH_FUNC_x%%` and the like define functions.
  if (!/^\w+$/.test(name)) return "steers";
  // Shells take no notice of an `IFS` from outside; of one of the line's own, whoever reads the line does.
  if (name === "IFS" && setFor !== "system") return "harmless";
  if (HARMLESS.test(name)) return "harmless";
  if (setFor === "shell" ? STEERS.test(name) : steersPrograms(name)) {
    const allowed = HARMLESS_VALUES.find(([pattern]) => pattern.test(name))?.[1];
    return allowed !== undefined && value.known && allowed.test(value.text) ? "harmless" : "steers";
  }
  return setFor === "system" ? "steers" : "harmless";
}

/** True where a yes with this variable is none without it: it is shown, and belongs to what was said yes to. */
export function countsForYes(assignment: ShellAssignment): boolean {
  return meaningOf(assignment, "system") !== "harmless" || AIMS.test(assignment.name);
}
