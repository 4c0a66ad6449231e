import type { ShellAssignment } from "../shell/command.ts";
import type { Look } from "./code/lookup.ts";
import { MADE_TEMPORARY, SHARED_TEMPORARY } from "../shell/words.ts";
import { baseName, isInside, resolvePath } from "../shell/path.ts";

/** The folders that paths are judged against. All absolute and resolved. */
export interface Surroundings {
  /** The project: the repository's top folder, or the session's folder, and what was added to it. */
  readonly roots: readonly string[];
  readonly home: string | undefined;
  /** Folders for throw-away files. */
  readonly temporary: readonly string[];
  /** Interlock's own folders: its state, and the user's policy. */
  readonly own?: readonly string[];
  /** Variables that reach a program, the last one of a name last. */
  readonly variables?: readonly ShellAssignment[];
  /** What lies in the files that commands run, as far as somebody has looked. */
  readonly look?: Look;
}

export type PathPlace =
  | "project"
  | "temporary"
  | "outside"
  | "device"
  /** Steers tools, the editor, CI or agents. */
  | "protected"
  /** Tells agents how to work here. */
  | "instructions"
  /** The project's policy. */
  | "policy"
  /** The record, and what Interlock keeps for itself. */
  | "own"
  | "repository";

const HARMLESS_DEVICES = /^\/dev\/(null|stdout|stderr|stdin|tty|zero|fd\/\d+)$/;

/**
 * Files inside a project that steer tools, the editor, CI or agents: the last parts of their paths. In any case: many
 * file systems take `.GIT` for `.git`.
 */
const PROTECTED = [
  /(^|\/)\.git\/(config|hooks(\/|$)|info\/attributes)/i,
  /(^|\/)\.vscode\/(settings|tasks|launch|extensions|mcp)\.json$/i,
  /(^|\/)\.(mcp|cursor|windsurf|claude)\.json$/i,
  /(^|\/)\.(envrc|direnvrc)$/i,
  /(^|\/)\.(claude|codex|opencode|gemini|cursor|windsurf|roo|continue|qwen)(\/|$)/i,
  /(^|\/)(opencode\.jsonc?|\.aider\.conf\.yml)$/i,
  /(^|\/)agent-policy\.json$/i,
  /(^|\/)\.github\/(workflows|actions)(\/|$)/i,
  // With the folder goes what it holds.
  /(^|\/)\.(github|vscode)$/i,
  /(^|\/)(\.gitlab-ci\.yml|azure-pipelines\.yml|Jenkinsfile|\.travis\.yml|bitbucket-pipelines\.yml)$/i,
  /(^|\/)\.circleci(\/|$)/i,
  /(^|\/)\.husky(\/|$)/i,
  /(^|\/)(\.pre-commit-config\.yaml|lefthook\.yml|\.lefthook\.yml)$/i,
  /(^|\/)(\.gitattributes|\.gitmodules)$/i,
];

/** The same for files of the person's own: editors, agents and git, below the home folder. */
const PROTECTED_AT_HOME = [
  /^\/(\.config|Library\/Application Support|AppData\/Roaming)\/(Code|Code - \w+|VSCodium|Cursor|Windsurf)\/User(\/|$)/i,
  /^\/\.(vscode|vscode-server|vscode-oss|vscodium-server|cursor-server)\//i,
  /^\/\.(claude|codex|gemini|cursor|opencode)(\.json$|\/|$)/i,
  /^\/\.config\/(opencode|git)(\/|$)/i,
  /^\/\.gitconfig$/i,
];

/** What agents read before they work. */
const INSTRUCTIONS =
  /(^|\/)((CLAUDE|AGENTS?|GEMINI|QWEN)(\.local|\.override)?\.md|\.(cursor|windsurf|cline|roo)rules|\.github\/(copilot-instructions\.md|instructions\/.*))$/;

/** The same at the top, where a file system may take another case for the same name; `docs/agents.md` is no such file. */
const TOP_INSTRUCTIONS = new RegExp(INSTRUCTIONS.source.replace("(^|\\/)", "^\\/"), "i");

const POLICY = "/agent-policy.json";
const AUDIT = /(^|\/)agent-audit(\/|$)/i;
const REPOSITORY = /(^|\/)\.git(\/|$)/i;

/** What kind of place an absolute path is. */
export function placeOf(path: string, around: Surroundings): PathPlace {
  if (HARMLESS_DEVICES.test(path)) return "device";
  if (isInside(MADE_TEMPORARY, path) || isInside(SHARED_TEMPORARY, path)) return "temporary";
  const root = around.roots.find((each) => isInside(each, path));
  const own = around.own?.find((folder) => isInside(folder, path));
  // A worktree that lies among Interlock's folders is a project all the same.
  if (own !== undefined && (root === undefined || !isInside(own, root))) return "own";
  if (root !== undefined) {
    const within = path.slice(root.length);
    if (AUDIT.test(within)) return "own";
    if (within.toLowerCase() === POLICY) return "policy";
    if (PROTECTED.some((pattern) => pattern.test(within))) return "protected";
    if (INSTRUCTIONS.test(within) || TOP_INSTRUCTIONS.test(within)) return "instructions";
    return REPOSITORY.test(within) ? "repository" : "project";
  }
  const { home } = around;
  if (home !== undefined && isInside(home, path)) {
    const below = path.slice(home.length);
    if (PROTECTED_AT_HOME.some((pattern) => pattern.test(below))) return "protected";
  }
  // Whatever holds the project is no throw-away place.
  const holdsProject = around.roots.some((each) => isInside(path, each));
  const inTemporary = around.temporary.some((folder) => isInside(folder, path));
  return inTemporary && !holdsProject ? "temporary" : "outside";
}

const SECRET = [
  /^\.env[*?[]/i,
  /^\.env(\.(?!example$|sample$|template$|dist$|defaults$|test$)[\w.-]+)?$/i,
  /^\.(netrc|pgpass|pypirc|htpasswd|git-credentials)$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)$/i,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg)$/i,
  /^(credentials|credentials\.json|service-account.*\.json|secrets?\.(json|ya?ml|toml))$/i,
];
const SECRET_FOLDER = /(^|\/)\.(ssh|aws|gnupg|kube|azure)\/|(^|\/)\.config\/(gcloud|gh|op|rclone)\//i;
/** Files of the person's own tools by the ends of their paths; in a project the same names hold settings. */
const SECRET_AT_HOME =
  /^[~/].*\/\.(npmrc|yarnrc(\.yml)?|docker\/config\.json|cargo\/credentials(\.toml)?|gem\/credentials|terraform\.d\/credentials\.tfrc\.json|vault-token|my\.cnf|s3cfg|boto|config\/(glab-cli|hub|doctl|heroku|fly)\/?.*)$|^\/proc\/[^/]+\/environ$|^\/etc\/(shadow|gshadow|sudoers)$/i;
const SECRET_NAME =
  /(^|[^a-z0-9])(api_?keys?|_?auth_?token|tokens?|secrets?|passwords?|passwd|pwd|private_?key|access_?key(_id)?|credentials?|authtoken)($|[^a-z0-9])/i;

/** True for the name of a variable or setting that by it holds a key or password. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !/^(pwd|oldpwd)$/i.test(name);
}

/** True for a path that by its name holds keys or passwords. */
export function isSecret(path: string): boolean {
  if (/\.pub$/i.test(path)) return false;
  const name = baseName(path);
  return (
    SECRET.some((pattern) => pattern.test(name)) || SECRET_FOLDER.test(path) || SECRET_AT_HOME.test(path)
  );
}

/** The absolute paths that a word can mean, one for each folder. */
export function resolveAll(folders: readonly string[], path: string): readonly string[] {
  return [...new Set(folders.map((folder) => resolvePath(folder, path)))];
}
