import { baseName, isInside, resolvePath } from "../shell/path.ts";

/** The folders that paths are judged against. All absolute and resolved. */
export interface Surroundings {
  /** The project: the repository's top folder, or the session's folder, and what was added to it. */
  readonly roots: readonly string[];
  readonly home: string | undefined;
  /** Folders for throw-away files. */
  readonly temporary: readonly string[];
}

export type PathPlace = "project" | "temporary" | "outside" | "device" | "protected" | "audit" | "repository";

const HARMLESS_DEVICES = /^\/dev\/(null|stdout|stderr|stdin|tty|zero|fd\/\d+)$/;

/** Files inside a project that steer tools, the editor, CI or agents: the last parts of their paths. */
const PROTECTED = [
  /(^|\/)\.git\/(config|hooks(\/|$)|info\/attributes)/,
  /(^|\/)\.vscode\/(settings|tasks|launch|extensions|mcp)\.json$/,
  /(^|\/)\.(mcp|cursor|windsurf)\.json$/,
  /(^|\/)\.envrc$/,
  /(^|\/)\.(claude|codex|opencode|gemini|cursor)(\/|$)/,
  /(^|\/)opencode\.jsonc?$/,
  /(^|\/)agent-policy\.json$/,
  /(^|\/)\.github\/(workflows|actions)(\/|$)/,
  /(^|\/)(\.gitlab-ci\.yml|azure-pipelines\.yml|Jenkinsfile|\.travis\.yml|bitbucket-pipelines\.yml)$/,
  /(^|\/)\.circleci(\/|$)/,
  /(^|\/)\.husky(\/|$)/,
  /(^|\/)(\.pre-commit-config\.yaml|lefthook\.yml|\.lefthook\.yml)$/,
  /(^|\/)(\.gitattributes|\.gitmodules)$/,
];

const AUDIT = /(^|\/)agent-audit(\/|$)/;
const REPOSITORY = /(^|\/)\.git(\/|$)/;

/** What kind of place an absolute path is. */
export function placeOf(path: string, around: Surroundings): PathPlace {
  if (HARMLESS_DEVICES.test(path)) return "device";
  const root = around.roots.find((each) => isInside(each, path));
  if (root !== undefined) {
    const within = path.slice(root.length);
    if (AUDIT.test(within)) return "audit";
    if (PROTECTED.some((pattern) => pattern.test(within))) return "protected";
    return REPOSITORY.test(within) ? "repository" : "project";
  }
  // Whatever holds the project is no throw-away place.
  const holdsProject = around.roots.some((each) => isInside(path, each));
  const inTemporary = around.temporary.some((folder) => isInside(folder, path));
  return inTemporary && !holdsProject ? "temporary" : "outside";
}

const SECRET = [
  /^\.env[*?[]/,
  /^\.env(\.(?!example$|sample$|template$|dist$|defaults$|test$)[\w.-]+)?$/,
  /^\.(netrc|pgpass|pypirc|htpasswd|git-credentials)$/,
  /^id_(rsa|dsa|ecdsa|ed25519)$/,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg)$/,
  /^(credentials|credentials\.json|service-account.*\.json|secrets?\.(json|ya?ml|toml))$/,
];
const SECRET_FOLDER = /(^|\/)\.(ssh|aws|gnupg|kube|azure)\/|(^|\/)\.config\/(gcloud|gh)\//;

/** True for a path that by its name holds keys or passwords. */
export function isSecret(path: string): boolean {
  if (path.endsWith(".pub")) return false;
  const name = baseName(path);
  return SECRET.some((pattern) => pattern.test(name)) || SECRET_FOLDER.test(path);
}

/** The absolute paths that a word can mean, one for each folder. */
export function resolveAll(folders: readonly string[], path: string): readonly string[] {
  return [...new Set(folders.map((folder) => resolvePath(folder, path)))];
}
