import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { sandboxEnvironment } from "./sandbox.ts";

const start = promisify(execFile);

/** What git keeps of one working tree or bare repository. */
export interface Store {
  /** Staged blobs by path. */
  readonly index: readonly (readonly [path: string, blob: string])[];
  /** Blobs that some ref, HEAD or stash entry reaches. */
  readonly blobs: readonly string[];
  /** Commits that some ref or HEAD reaches, stash entries left out. */
  readonly commits: readonly string[];
  /** Tags as `NAME SHA`. */
  readonly tags: readonly string[];
  /** Commits that some reflog names, stash entries left out. */
  readonly reflogs: readonly string[];
  /** The lines of HEAD's own reflog, by what was done. */
  readonly headLog: readonly string[];
  /** Every object as `SHA TYPE`. */
  readonly objects: readonly string[];
  /** Lines of its configuration, branches' own sections left out. */
  readonly config: readonly string[];
}

const NOTHING: Store = {
  index: [],
  blobs: [],
  commits: [],
  tags: [],
  reflogs: [],
  headLog: [],
  objects: [],
  config: [],
};

const OBJECTS = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"];

/** Answers of git by the files they depend on: most commands leave most stores as they were. */
const asked = new Map<string, Promise<readonly string[]>>();

export async function readStore(sandbox: string, folder: string): Promise<Store> {
  const places = placesOf(folder);
  if (places === null) return NOTHING;
  const { own, common } = places;
  const ask = (dependsOn: string, ...args: readonly string[]): Promise<readonly string[]> => {
    const key = `${args.join(" ")}\0${dependsOn}`;
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = start("git", ["-C", folder, ...args], {
      env: sandboxEnvironment(sandbox),
      maxBuffer: 1e8,
    }).then(
      ({ stdout }) => stdout.split(/[\0\n]/).filter((line) => line !== ""),
      () => [],
    );
    asked.set(key, answer);
    return answer;
  };
  const ownHead = join(own, "logs", "HEAD");
  const index = (await ask(fingerprint(join(own, "index")), "ls-files", "-s", "-z")).map(
    (line): [string, string] => {
      const [, blob = "", path = ""] = /^\d+ (\w+) \d\t(.*)$/s.exec(line) ?? [];
      return [path, blob];
    },
  );
  const headLog = numbered(lines(ownHead));
  // A linked worktree shares the rest with its repository, which is read as well.
  if (own !== common) return { ...NOTHING, index, headLog };
  const stashLog = join(own, "logs", "refs", "stash");
  const stashes = logged(stashLog);
  const refs = fingerprint(...["HEAD", "refs", "packed-refs", "worktrees"].map((name) => join(own, name)));
  const [reached, commits, tags, objects, config] = await Promise.all([
    ask(refs, "rev-list", "--objects", "--no-object-names", "--all", ...stashes),
    ask(refs, "rev-list", "--exclude=refs/stash", "--all"),
    ask(refs, "for-each-ref", "--format=%(refname) %(objectname)", "refs/tags"),
    ask(fingerprint(join(own, "objects")), ...OBJECTS),
    ask(fingerprint(join(own, "config")), "config", "--local", "--list"),
  ]);
  const blobs = new Set(objects.flatMap((line) => (line.endsWith(" blob") ? [line.slice(0, -5)] : [])));
  const logs = filesUnder(join(own, "logs")).filter((path) => path !== stashLog);
  return {
    index,
    blobs: reached.filter((sha) => blobs.has(sha)),
    commits,
    tags,
    reflogs: logs.flatMap((path) => logged(path)),
    headLog,
    objects,
    config: config.filter((line) => !line.startsWith("branch.")),
  };
}

/** The folder with HEAD and index, and the one with refs and objects. */
function placesOf(folder: string): { readonly own: string; readonly common: string } | null {
  if (folder.endsWith(".git"))
    return existsSync(join(folder, "HEAD")) ? { own: folder, common: folder } : null;
  const path = join(folder, ".git");
  if (!existsSync(path)) return null;
  const named = lstatSync(path).isDirectory()
    ? path
    : readFileSync(path, "utf8").replace("gitdir: ", "").trim();
  const own = resolve(folder, named);
  if (!existsSync(join(own, "HEAD"))) return null;
  const link = join(own, "commondir");
  return { own, common: existsSync(link) ? resolve(own, readFileSync(link, "utf8").trim()) : own };
}

/** The commits that a reflog's lines lead to. */
function logged(path: string): readonly string[] {
  return lines(path).flatMap((line) => /^\w+ (\w+) /.exec(line)?.[1] ?? []);
}

/** The same act can stand there twice. */
function numbered(entries: readonly string[]): readonly string[] {
  const acts = entries.map((line) => line.replace(/^\w+ /, ""));
  return acts.map((act, at) => `${acts.slice(0, at).filter((each) => each === act).length} ${act}`);
}

function lines(path: string): readonly string[] {
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}

function filesUnder(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (!lstatSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function fingerprint(...paths: readonly string[]): string {
  const hash = createHash("sha1");
  for (const path of paths) {
    for (const file of [...filesUnder(path)].sort()) {
      // An object's name is the hash of its content, and a pack's of its contents.
      const isObject = path.endsWith("objects");
      hash.update(`${file.slice(path.length)}\0`);
      if (!isObject) hash.update(readFileSync(file)).update("\0");
    }
    hash.update("\0\0");
  }
  return hash.digest("hex");
}
