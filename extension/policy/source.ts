import * as l10n from "@vscode/l10n";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { fail, messageOf, ok, type Problem, type Result } from "../errors.ts";
import { type Addition, additionTo, type Whose } from "./addition.ts";
import { type CompiledLayer, compileLayer, globs, isWithin, type LayerName } from "./compile.ts";
import type { PolicyInForce, Unreadable } from "./decide.ts";
import type { Probe } from "./examples.ts";
import { EMPTY_POLICY, type Loosening, loosenings } from "./loosens.ts";
import type { Glob } from "./globs.ts";
import { MAX_POLICY_BYTES, type PolicyProblem, readPolicy } from "./read.ts";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../state/directory.ts";
import { withLock } from "../state/lock.ts";
import type { PolicyFile } from "./schema.ts";
import { RoutingRules } from "./routing.ts";
import { acceptedPath, hashOf, readAccepted, writeAccepted } from "./trust.ts";

/** A project's policy belongs to everybody who works on it. */
const SHARED_FILE = 0o644;

export interface PolicyPlaces {
  /** The user's own policy. */
  readonly userFile: string;
  /** The project's policy: `agent-policy.json` in the root of the working tree. */
  readonly projectFile: string;
  /** Whose project it is, for all of its worktrees: the shared git folder, or the root where there is none. */
  readonly repository: string;
  readonly stateDirectory: string;
}

/** One file of the policy as it is now. */
export interface PolicyText {
  readonly layer: LayerName;
  readonly path: string;
  readonly state: "absent" | "valid" | "broken";
  readonly hash: string | null;
  /** What it says; of a broken file what it said when it was last in order. */
  readonly file: PolicyFile | null;
  readonly problems: readonly PolicyProblem[];
}

/** A text of the repository's policy that is not, or not yet, what the person accepted. */
export interface Pending {
  readonly hash: string;
  /** What it would let through. Empty: it only tightens, and counts already. */
  readonly loosens: readonly Loosening[];
}

/** What policies say about other things than verdicts: of all that is said the strictest. */
export interface PolicySettings {
  /** Ignored files that restore points keep. */
  readonly restore: readonly Glob[];
  /** US dollars; null: no limit. */
  readonly spendPerRun: number | null;
  readonly spendPerDay: number | null;
  readonly where: "folder" | "worktree";
}

/** Everything of a moment. Built anew only when one of the files has changed. */
export interface PolicyState {
  readonly inForce: PolicyInForce;
  readonly user: PolicyText;
  /** The text that the person accepted. */
  readonly accepted: PolicyText;
  /** The file in the working tree. */
  readonly project: PolicyText;
  readonly pending: Pending | null;
  readonly settings: PolicySettings;
  /** Where commands are sent: of the repository's own words only what the person accepted. */
  readonly routing: RoutingRules;
}

/** The policies of one project: read again whenever a file changes, and compiled once. */
export class PolicySource {
  readonly places: PolicyPlaces;
  readonly #probe: Probe;
  readonly #read = new Map<string, { readonly stamp: string; readonly text: PolicyText }>();
  #state: { readonly stamps: string; readonly state: PolicyState } | undefined;

  constructor(places: PolicyPlaces, probe: Probe) {
    this.places = places;
    this.#probe = probe;
  }

  /** Everything that it is read from, whether anything lies there or not. */
  get files(): readonly string[] {
    const { userFile, projectFile } = this.places;
    return [userFile, projectFile, this.#acceptedFile];
  }

  /** What counts at this moment. Costs three `stat`s where nothing has changed. */
  current(): PolicyState {
    const stamps = this.files.map((path) => stampOf(path));
    const key = stamps.join("\n");
    if (this.#state?.stamps !== key) this.#state = { stamps: key, state: this.#build(stamps) };
    return this.#state.state;
  }

  /**
   * The person's yes to a text of the repository's policy. The hash says which text they have seen: another one that
   * lies there by now is not accepted.
   */
  async accept(hash: string): Promise<Result<void>> {
    const { projectFile, repository, stateDirectory } = this.places;
    const { project } = this.current();
    if (project.state === "broken") return fail(brokenProblem(project));
    const text =
      project.state === "absent" ? JSON.stringify(EMPTY_POLICY) : readFileSync(projectFile, "utf8");
    if (hashOf(text) !== hash) return fail(changedProblem());
    await writeAccepted(stateDirectory, repository, { hash, text });
    return ok(undefined);
  }

  /** What a policy would become by the rules of one that the person was shown. A file that can't be read is left as it is. */
  planRules(shown: string, whose: Whose): Result<Addition> {
    const text = this.current()[whose];
    if (text.state === "broken") return fail(brokenProblem(text));
    const target = this.#targetOf(whose);
    if (!target.ok) return target;
    const before = text.state === "absent" ? null : readFileSync(text.path, "utf8");
    return additionTo(before, whose, shown, this.#probe);
  }

  /**
   * Adds the rules of a policy that the person was shown to their own one, or to the project's. `seen`: what that said when they
   * saw it; another text is left as it is.
   */
  async addRules(shown: string, whose: Whose = "user", seen?: string | null): Promise<Result<Addition>> {
    const locks = join(this.places.stateDirectory, "policy");
    await privateFolder(locks);
    return withLock(join(locks, `${whose}.lock`), async () => {
      const planned = this.planRules(shown, whose);
      if (!planned.ok) return planned;
      if (seen !== undefined && planned.value.before !== seen) return fail(changedProblem());
      const target = this.#targetOf(whose);
      if (!target.ok) return target;
      const path = target.value;
      await mkdir(dirname(path), { recursive: true });
      const fresh = whose === "user" ? PRIVATE_FILE : SHARED_FILE;
      const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? fresh;
      await writeAtomically(path, planned.value.after, { mode: mode & 0o777, sync: true });
      return planned;
    });
  }

  /** The file that is written. Where it is a link, as those who keep their configuration elsewhere have it, what it leads to. */
  #targetOf(whose: Whose): Result<string> {
    const { userFile, projectFile } = this.places;
    if (whose === "user") return ok(realOf(userFile));
    const path = realOf(projectFile);
    // A link of the repository's must not have a rule for it land in the person's own policy, or anywhere else.
    const within = relative(realOf(dirname(projectFile)), path);
    const leaves = path !== projectFile && (within.split(sep)[0] === ".." || isAbsolute(within));
    return leaves ? fail(linkedProblem(projectFile)) : ok(path);
  }

  /** Files, by their absolute paths, that restore points keep though git ignores them. */
  kept(): (path: string) => boolean {
    const { restore } = this.current().settings;
    const roots = [dirname(this.places.projectFile)];
    return (path) => isWithin(restore, path, roots);
  }

  /** The text that the person accepted last; null where there is none. */
  acceptedText(): string | null {
    return readAccepted(this.#acceptedFile, this.places.repository)?.text ?? null;
  }

  get #acceptedFile(): string {
    return acceptedPath(this.places.stateDirectory, this.places.repository);
  }

  #build([user = "", project = ""]: readonly string[]): PolicyState {
    const { userFile, projectFile, repository } = this.places;
    const own = this.#readFile("user", userFile, user);
    const now = this.#readFile("proposed", projectFile, project);
    const accepted = this.#textOf(
      "repository",
      this.#acceptedFile,
      readAccepted(this.#acceptedFile, repository)?.text,
    );
    // A file that was taken away, which a person has accepted, says as little as an empty one.
    const hash = now.hash ?? (accepted.hash === null ? null : hashOf(JSON.stringify(EMPTY_POLICY)));
    const same = hash === accepted.hash && now.state !== "broken";
    const sides = [layersOf(own, accepted)];
    // What the file says besides can only tighten: both are asked, and the stricter answer counts.
    if (!same && now.state !== "broken") sides.push(layersOf(own, now));
    else if (now.state === "broken" && now.file !== null) sides.push(layersOf(own, now));
    const broken = [own, accepted, now].find(({ state }) => state === "broken");
    return {
      inForce: { sides, unreadable: broken === undefined ? null : unreadable(broken) },
      user: own,
      accepted,
      project: now,
      settings: settingsOf([own, accepted, now]),
      routing: new RoutingRules([own.file, accepted.file], dirname(projectFile)),
      pending: same || hash === null || now.state === "broken" ? null : pendingOf(accepted, now, hash),
    };
  }

  #readFile(layer: LayerName, path: string, stamp: string): PolicyText {
    const known = this.#read.get(path);
    if (known?.stamp === stamp) return known.text;
    const text = this.#textOf(layer, path, readText(path, stamp), known?.text.file ?? null);
    this.#read.set(path, { stamp, text });
    return text;
  }

  #textOf(
    layer: LayerName,
    path: string,
    content: string | PolicyProblem | undefined,
    lastGood: PolicyFile | null = null,
  ): PolicyText {
    if (content === undefined) return { layer, path, state: "absent", hash: null, file: null, problems: [] };
    if (typeof content !== "string")
      return { layer, path, state: "broken", hash: null, file: lastGood, problems: [content] };
    const hash = hashOf(content);
    const read = readPolicy(content, this.#probe);
    return read.ok
      ? { layer, path, state: "valid", hash, file: read.value, problems: [] }
      : { layer, path, state: "broken", hash, file: lastGood, problems: read.error };
  }
}

function layersOf(...texts: readonly PolicyText[]): readonly CompiledLayer[] {
  return texts.flatMap(({ layer, file }) => (file === null ? [] : [compileLayer(layer, file)]));
}

function pendingOf(accepted: PolicyText, now: PolicyText, hash: string): Pending {
  return { hash, loosens: loosenings(accepted.file ?? EMPTY_POLICY, now.file ?? EMPTY_POLICY) };
}

function settingsOf(texts: readonly PolicyText[]): PolicySettings {
  const files = texts.flatMap(({ file }) => file ?? []);
  const least = (limits: readonly (number | undefined)[]): number | null => {
    const said = limits.filter((limit) => limit !== undefined);
    return said.length === 0 ? null : Math.min(...said);
  };
  return {
    restore: globs(files.flatMap((file) => file.files?.restore ?? [])),
    spendPerRun: least(files.map((file) => file.spend?.perRun)),
    spendPerDay: least(files.map((file) => file.spend?.perDay)),
    where: files.some((file) => file.sessions?.where === "worktree") ? "worktree" : "folder",
  };
}

function unreadable({ layer, path, problems: [first] }: PolicyText): Unreadable {
  const where = first === undefined ? "" : `:${first.line}:${first.column} ${first.message}`;
  return { layer, words: `${basename(path)}${where}` };
}

/** Changes whenever the file does: the times of its content and of its entry can't both be set back. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return "";
  }
}

/** Undefined where there is no file; a problem where there is one that can't be read. */
function readText(path: string, stamp: string): string | PolicyProblem | undefined {
  if (stamp === "") return undefined;
  const unreadable = (message: string): PolicyProblem => ({
    code: "policy.syntax",
    line: 1,
    column: 1,
    message,
  });
  try {
    const info = statSync(path);
    if (!info.isFile()) return unreadable(l10n.t("This is no file."));
    if (info.size > MAX_POLICY_BYTES)
      return unreadable(l10n.t("The file is larger than {0} bytes.", MAX_POLICY_BYTES));
    return readFileSync(path, "utf8");
  } catch (error) {
    return unreadable(messageOf(error));
  }
}

function brokenProblem({ problems }: PolicyText): Problem {
  return {
    code: "policy.broken",
    message: l10n.t("The policy can't be read: {0}", problems[0]?.message ?? ""),
    next: l10n.t("Put the file in order first."),
  };
}

function linkedProblem(path: string): Problem {
  return {
    code: "policy.linked",
    message: l10n.t("{0} is a link that leads out of the project.", basename(path)),
    next: l10n.t("Replace it by a file, or add the rule to your own policy."),
  };
}

/** Where a link leads; the path itself where there is nothing yet. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function changedProblem(): Problem {
  return {
    code: "policy.changed",
    message: l10n.t("The policy has changed since it was shown."),
    next: l10n.t("Look at it again, then apply it."),
  };
}
