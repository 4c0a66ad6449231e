import { branchesOf } from "../guard/branches.ts";
import type { CommandWords, Effect } from "../guard/effect.ts";
import type { Facts } from "../guard/facts.ts";
import {
  type CommandPattern,
  commandPattern,
  leastSure,
  type Match,
  matchCommand,
  surer,
} from "./commandPattern.ts";
import {
  covers,
  type Glob,
  liesBelow,
  meets,
  nameMatcher,
  pathGlob,
  pathOf,
  wildcardSource,
} from "./globs.ts";
import { listOf, type PolicyFile, type RuleEntry } from "./schema.ts";

/** Who says something about an act. `proposed` is the repository's text that no person has accepted yet. */
export type LayerName = "built-in" | "user" | "repository" | "proposed" | "session";

export type NameTest = (name: string) => boolean;

/** What a rule is held against. */
export interface Subject {
  readonly effect: Effect;
  readonly facts: Facts;
  /** The roots of the project, in each of which paths of the policy mean the same. */
  readonly roots: readonly string[];
}

export interface CompiledRule {
  readonly id: string;
  readonly reason: string;
  readonly remedy: string | null;
  readonly applies: (subject: Subject) => Match;
}

/** One policy, ready to be asked thousands of times. */
export interface CompiledLayer {
  readonly name: LayerName;
  readonly deny: RuleSet;
  readonly ask: RuleSet;
  readonly allow: RuleSet;
  /** Null: every branch that isn't protected. */
  readonly writeBranches: NameTest | null;
  readonly protectedBranches: NameTest;
  readonly protectsBranches: boolean;
  /** Null: the whole project. */
  readonly writable: readonly Glob[] | null;
  readonly protectedFiles: readonly Glob[];
  readonly secretFiles: readonly Glob[];
  readonly networkRead: "allow" | "ask" | "deny";
  readonly hosts: NameTest;
  /** A text names one of these, and the session must have been started for the environment. */
  readonly environments: readonly { readonly name: string; readonly names: RegExp }[];
}

/** Rules of one verdict, found by the program that they name. */
export interface RuleSet {
  readonly byProgram: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly others: readonly CompiledRule[];
}

export function compileLayer(name: LayerName, file: PolicyFile): CompiledLayer {
  const { branches, files, network, environments } = file;
  return {
    name,
    deny: ruleSet(file.deny, true),
    ask: ruleSet(file.ask, true),
    allow: ruleSet(file.allow, false),
    writeBranches: branches?.write === undefined ? null : nameMatcher(branches.write),
    protectedBranches: nameMatcher(branches?.protected ?? []),
    protectsBranches: (branches?.protected ?? []).length > 0,
    writable: files?.writable === undefined ? null : globs(files.writable),
    protectedFiles: globs(files?.protected),
    secretFiles: globs(files?.secret),
    networkRead: network?.read ?? "allow",
    hosts: nameMatcher((network?.hosts ?? []).map((host) => host.toLowerCase())),
    environments: Object.entries(environments ?? {}).flatMap(([each, hosts]) =>
      hosts.length === 0 ? [] : [{ name: each, names: hostInText(hosts) }],
    ),
  };
}

export function globs(patterns: readonly string[] | undefined): readonly Glob[] {
  return (patterns ?? []).map(pathGlob).filter((glob) => glob !== null);
}

/** A host anywhere in a text, as a whole name: `db.example.com` is none in `db.example.com.org`. */
function hostInText(hosts: readonly string[]): RegExp {
  const names = hosts.map((host) => wildcardSource(host, "[a-z0-9.-]*"));
  return new RegExp(String.raw`(?<![a-z0-9.-])(?:${names.join("|")})(?![a-z0-9-]|\.[a-z0-9])`, "i");
}

function ruleSet(entries: readonly RuleEntry[] | undefined, generous: boolean): RuleSet {
  const byProgram = new Map<string, CompiledRule[]>();
  const others: CompiledRule[] = [];
  for (const entry of entries ?? []) {
    const commands = listOf(entry.command)
      .map(commandPattern)
      .filter((pattern) => pattern !== null);
    const rule = compileRule(entry, commands, generous);
    const programs = new Set(commands.map(({ program }) => program));
    // A program that is known at run time only could be any: those rules are looked through each time.
    if (programs.size === 0 || programs.has(null)) others.push(rule);
    else for (const program of programs) push(byProgram, program ?? "", rule);
  }
  return { byProgram, others };
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

type Condition = (subject: Subject) => Match;

/** Rules that hold back apply where any of an effect's parts fits, those that let through where all of them do. */
function compileRule(entry: RuleEntry, commands: readonly CommandPattern[], generous: boolean): CompiledRule {
  const conditions: Condition[] = [];
  const effects = new Set<string>(listOf(entry.effect));
  if (effects.size > 0) conditions.push(({ effect }) => certain(effects.has(effect.kind)));
  if (entry.rule !== undefined) {
    const isNamed = nameMatcher(listOf(entry.rule));
    conditions.push(({ effect }) => certain(isNamed(effect.rule)));
  }
  if (commands.length > 0) conditions.push(({ effect }) => matchAny(commands, effect.by ?? [], generous));
  if (entry.path !== undefined) conditions.push(pathCondition(globs(listOf(entry.path)), generous));
  if (entry.host !== undefined) conditions.push(hostCondition(listOf(entry.host), generous));
  if (entry.branch !== undefined) conditions.push(branchCondition(listOf(entry.branch), generous));
  return {
    id: entry.id,
    reason: entry.reason,
    remedy: entry.remedy ?? null,
    applies: (subject) => {
      let sure: Match = "yes";
      for (const condition of conditions) {
        sure = leastSure(sure, condition(subject));
        if (sure === "no") break;
      }
      return generous || sure === "yes" ? sure : "no";
    },
  };
}

function certain(applies: boolean): Match {
  return applies ? "yes" : "no";
}

/** What lets through is about the command itself; what holds back also about those that run it. */
function matchAny(
  patterns: readonly CommandPattern[],
  by: readonly CommandWords[],
  generous: boolean,
): Match {
  let best: Match = "no";
  for (const words of generous ? by : by.slice(0, 1)) {
    if (words.length === 0) continue;
    for (const pattern of patterns) best = surer(best, matchCommand(pattern, words, generous));
  }
  return best;
}

function pathCondition(patterns: readonly Glob[], generous: boolean): Condition {
  return ({ effect, roots }) => {
    const paths = effect.paths ?? [];
    if (paths.length === 0) return "no";
    return certain(
      generous
        ? paths.some((path) => isAmong(patterns, path, roots, effect))
        : paths.every((path) => isWithin(patterns, path, roots)),
    );
  };
}

/** A path inside the project, as its parts seen from the nearest root; null for one outside. */
function relative(path: string, roots: readonly string[]): Glob | null {
  const folders = roots.map((root) => root.replace(/\/+$/, ""));
  const holding = folders.filter((folder) => path === folder || path.startsWith(`${folder}/`));
  const [first, ...others] = holding;
  if (first === undefined) return null;
  const nearest = others.reduce((one, other) => (other.length > one.length ? other : one), first);
  return pathOf(path.slice(nearest.length));
}

/** True where a path may be one of those that the patterns mean, or holds one and goes as a whole. */
export function isAmong(
  patterns: readonly Glob[],
  path: string,
  roots: readonly string[],
  effect: Effect,
): boolean {
  if (patterns.length === 0) return false;
  const inside = relative(path, roots);
  if (inside === null) return false;
  const removes = effect.kind === "delete";
  return patterns.some((glob) => meets(glob, inside) || (removes && liesBelow(glob, inside)));
}

/** True where a path surely is one of those that the patterns mean. */
export function isWithin(patterns: readonly Glob[], path: string, roots: readonly string[]): boolean {
  const inside = relative(path, roots);
  return inside !== null && patterns.some((glob) => covers(glob, inside));
}

function hostCondition(patterns: readonly string[], generous: boolean): Condition {
  const isNamed = nameMatcher(patterns.map((host) => host.toLowerCase()));
  return ({ effect }) => {
    if (effect.kind !== "network" && effect.kind !== "network.send") return "no";
    if (effect.hosts === undefined) return "maybe";
    return certain(generous ? effect.hosts.some(isNamed) : effect.hosts.every(isNamed));
  };
}

function branchCondition(patterns: readonly string[], generous: boolean): Condition {
  const isNamed = nameMatcher(patterns);
  return ({ effect, facts }) => {
    const branches = branchesOf(effect, facts);
    if (branches === null) return "no";
    if (!branches.known || branches.names.some((name) => name.includes("*"))) return "maybe";
    const { names } = branches;
    return certain(generous ? names.some(isNamed) : names.length > 0 && names.every(isNamed));
  };
}

/** The rules that an effect can fall under by the programs of its commands. */
export function* candidates(set: RuleSet, effect: Effect): Generator<CompiledRule> {
  if (set.byProgram.size > 0) {
    for (const words of effect.by ?? []) {
      const program = words[0];
      if (typeof program === "string") yield* set.byProgram.get(program) ?? [];
      else if (program === null) for (const rules of set.byProgram.values()) yield* rules;
    }
  }
  yield* set.others;
}
