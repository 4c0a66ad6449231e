import type { ShellScript, SimpleCommand } from "../shell/command.ts";
import { baseName, isInside, resolvePath } from "../shell/path.ts";
import type { Evidence } from "./evidence.ts";

/** Wrappers that run their command in the same environment, as the same user: what is inside can be routed. */
const TRANSPARENT = new Set([
  "command",
  "exec",
  "nohup",
  "time",
  "nice",
  "ionice",
  "timeout",
  "stdbuf",
  "setsid",
  "unbuffer",
  "chronic",
  "caffeinate",
  "env",
  "xargs",
]);
/** Variables that choose another program, environment or lock than the project's. */
const CHOOSING =
  /^(PATH|INTERLOCK|VIRTUAL_ENV|PYTHONHOME|UV_.*|CONDA_.*|PIP_.*|npm_config_.*|NPM_CONFIG_.*|BUN_.*)$/;
/** Those among them that only say how to talk, how long to wait, and what to keep: whoever answers does the same. */
const TALKING =
  /^(PIP_(DISABLE_PIP_VERSION_CHECK|NO_CACHE_DIR|NO_INPUT|NO_COLOR|NO_PYTHON_VERSION_WARNING|ROOT_USER_ACTION|PROGRESS_BAR|QUIET|VERBOSE|(DEFAULT_)?TIMEOUT|RETRIES|BREAK_SYSTEM_PACKAGES)|UV_(NO_PROGRESS|LINK_MODE|COMPILE_BYTECODE|HTTP_TIMEOUT|CONCURRENT_\w+|NO_CACHE)|npm_config_(loglevel|fund|audit|progress|color|update_notifier|legacy_peer_deps))$/i;
const DECLARES = new Set(["export", "declare", "typeset", "readonly"]);
/** Programs after which names mean other programs for the rest of the line. */
const SWITCHES = new Set(["conda", "mamba", "micromamba", "workon", "pyenv", "module", "asdf", "mise"]);
/** Reasons for which a line is not understood well enough to change any part of it. */
const NOT_UNDERSTOOD = new Set(["syntax", "too-long", "too-deep", "unknown-code", "shell-setting"]);

/** True when parts of a line may be replaced at all: it was read completely, and nothing in it changes what names mean. */
export function isCalm(script: ShellScript, evidenceOf: (folder: string) => Evidence): boolean {
  if (script.unclear.some(({ why }) => NOT_UNDERSTOOD.has(why))) return false;
  return !script.commands.some((command) => changesMeaning(command, evidenceOf));
}

/** True when a command is in reach of routing: in a known folder, in a plain wrapper, with no choice of its own made. */
export function isReachable(text: string, command: SimpleCommand): boolean {
  if (command.span === null || command.folders === null) return false;
  if (!command.wrappers.every((wrapper) => TRANSPARENT.has(wrapper))) return false;
  if (command.assignments.some(({ name }) => chooses(name))) return false;
  // `env -i` and `env -u NAME` take away what the owner's program may need.
  return !command.wrappers.includes("env") || !/\benv\s+-[^;|&\n]*$/.test(text.slice(0, command.span.start));
}

function chooses(name: string): boolean {
  return CHOOSING.test(name) && !TALKING.test(name);
}

function changesMeaning(command: SimpleCommand, evidenceOf: (folder: string) => Evidence): boolean {
  const [head, ...args] = command.words;
  // Assignments alone stay in force for the rest of the line.
  if (head === undefined) return command.assignments.some(({ name }) => chooses(name));
  const program = baseName(head.text);
  if (DECLARES.has(program)) return args.some(({ text }) => chooses(text.replace(/=.*$/s, "")));
  if (program === "source" || program === ".") return !activatesOwn(command, evidenceOf);
  return SWITCHES.has(program) && /^(activate|shell|load|local|global|use)$/.test(args[0]?.text ?? "use");
}

/** `source .venv/bin/activate` of the project's own environment: the one that a routed command runs in anyway. */
function activatesOwn(command: SimpleCommand, evidenceOf: (folder: string) => Evidence): boolean {
  const script = command.words[1];
  const folder = command.folders?.[0];
  if (script === undefined || !script.known || folder === undefined) return false;
  const { environment, place } = evidenceOf(folder).python;
  const own = environment?.folder ?? place;
  return own !== null && resolvePath(folder, script.text) === `${own}/bin/activate`;
}

/**
 * A program by its plain name. One that is called by its path is meant exactly, so it stays as asked; but pip inside
 * the project's own environment would change that behind the lock, and counts like pip.
 */
export function programName(text: string, { words }: SimpleCommand, { folder, python }: Evidence): string {
  const environment = python.environment?.folder;
  if (!text.includes("/") || environment === undefined) return text;
  if (!isInside(environment, resolvePath(folder, text))) return text;
  const name = baseName(text).replace(/\.exe$/i, "");
  const pip = /^pip[\d.]*$/.test(name) || (words[1]?.text === "-m" && words[2]?.text === "pip");
  return pip ? name : text;
}
