import { type Git, succeeded } from "../../git/run.ts";
import { type BytePath, isAscii } from "./bytePath.ts";
import { GITLINK, type IndexEntry } from "./gitIndex.ts";

/** Reading every file takes a while: it is done behind the prompt, and once. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** More paths than these are not named one by one. */
const MAX_NAMED = 200;

/**
 * Where git converts line ends, a file can be unchanged for git and still have other bytes than a checkout would
 * write. Finds those files; what is known of a file holds while its entry in the index does.
 */
export class LineEnds {
  readonly #known = new Map<BytePath, { readonly stamp: string; readonly unusual: boolean }>();
  #settings: Promise<string> | undefined;

  async unusual(git: Git, root: string, entries: readonly IndexEntry[]): Promise<readonly BytePath[]> {
    this.#settings ??= readSettings(git, root);
    const settings = await this.#settings;
    const converts = settings !== "" || entries.some(({ path }) => /(^|\/)\.gitattributes$/.test(path));
    if (!converts) return [];
    const files = entries.filter(({ mode }) => mode !== GITLINK);
    const fresh = files.filter(({ path, stamp }) => this.#known.get(path)?.stamp !== stamp);
    if (fresh.length > 0) await this.#look(git, root, fresh, /autocrlf=true|eol=crlf/.test(settings));
    return files.filter(({ path }) => this.#known.get(path)?.unusual === true).map(({ path }) => path);
  }

  async #look(git: Git, root: string, fresh: readonly IndexEntry[], crlf: boolean): Promise<void> {
    const paths = fresh.map(({ path }) => path);
    const named = paths.length <= MAX_NAMED && paths.every((path) => isAscii(path));
    const result = await git.run({
      folder: root,
      args: ["--literal-pathspecs", "ls-files", "--eol", "-z", "--", ...(named ? paths : [])],
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      encoding: "latin1",
    });
    if (!succeeded(result)) return;
    const unusual = new Set(result.stdout.split("\0").flatMap((line) => unusualPath(line, crlf)));
    for (const { path, stamp } of fresh) this.#known.set(path, { stamp, unusual: unusual.has(path) });
  }
}

/** `i/lf    w/crlf  attr/text=auto eol=crlf TAB path` (git-ls-files, `--eol`). */
function unusualPath(line: string, crlf: boolean): readonly BytePath[] {
  const [, index = "", worktree = "", attributes = "", path] =
    /^i\/(\S*)\s+w\/(\S*)\s+attr\/(.*?)\s*\t(.*)$/s.exec(line) ?? [];
  if (path === undefined || worktree === "" || index === "-text" || attributes.includes("-text")) return [];
  const wantsCrlf = attributes.includes("eol=crlf") || (crlf && !attributes.includes("eol=lf"));
  const expected = wantsCrlf && index === "lf" ? "crlf" : index;
  return worktree === expected ? [] : [path];
}

/** The settings that convert, as `name=value` lines; empty where nothing is set. */
async function readSettings(git: Git, root: string): Promise<string> {
  const args = ["config", "-z", "--get-regexp", "^core\\.(autocrlf|eol|attributesfile)$"];
  const result = await git.run({ folder: root, args });
  if (!succeeded(result)) return "";
  const settings = result.stdout.split("\0").map((each) => each.replace("\n", "=").replace("core.", ""));
  return settings.filter((each) => each !== "" && !each.endsWith("=false")).join("\n");
}
