import { parse } from "smol-toml";
import * as z from "zod";
import { normalise } from "./pythonNames.ts";

/** A uv.lock as far as routing needs it. */
export interface UvLock {
  readonly path: string;
  /** Normalised name to the versions that are locked (several for different Pythons). */
  readonly versions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Folder of each workspace member relative to the lock (`.` for the root), to its package's name. */
  readonly members: ReadonlyMap<string, string>;
  /** Names that a default `uv sync` of a member installs, for any platform. */
  installs(member: string, groups: readonly string[]): ReadonlySet<string>;
  /** True where an exact sync could take away what the same lock had installed: extras, further groups, members. */
  readonly hasMore: boolean;
}

const Dependency = z.object({ name: z.string(), extra: z.array(z.string()).catch([]) });
const Dependencies = z.array(Dependency).catch([]);
const Grouped = z.record(z.string(), Dependencies).catch({});
const Package = z.object({
  name: z.string(),
  version: z.string().optional().catch(undefined),
  source: z.record(z.string(), z.unknown()).catch({}),
  dependencies: Dependencies,
  "optional-dependencies": Grouped,
  "dev-dependencies": Grouped,
});
type Package = z.infer<typeof Package>;
const Lock = z.object({
  package: z.array(Package).catch([]),
  manifest: z
    .object({
      members: z.array(z.string()).optional().catch(undefined),
      "dependency-groups": Grouped,
    })
    .optional()
    .catch(undefined),
});

/** Addresses and hashes of files are nine tenths of a lock, and nothing that routing asks about. */
const ARTEFACTS = /^(?: {4}\{ (?:url|path|filename) = .*|sdist = .*)$/gm;

/** Reads a uv.lock; null when it can't be understood. */
export function parseUvLock(text: string, path: string): UvLock | null {
  let data: unknown;
  try {
    data = parse(text.replaceAll(ARTEFACTS, ""));
  } catch {
    return null;
  }
  const lock = Lock.safeParse(data);
  return lock.success ? summarise(lock.data, path) : null;
}

function summarise(lock: z.infer<typeof Lock>, path: string): UvLock {
  const packages = new Map<string, Package[]>();
  const versions = new Map<string, Set<string>>();
  const members = new Map<string, string>();
  const declared = lock.manifest?.members?.map(normalise);
  let hasMore = false;
  for (const each of lock.package) {
    const name = normalise(each.name);
    packages.set(name, [...(packages.get(name) ?? []), each]);
    const known = versions.get(name) ?? new Set();
    if (each.version !== undefined) known.add(each.version);
    versions.set(name, known);
    const folder = each.source["editable"] ?? each.source["virtual"];
    if (typeof folder !== "string") continue;
    // Without a list of members the lock is of one project; other local folders are dependencies by path.
    if (declared === undefined ? folder !== "." : !declared.includes(name)) continue;
    members.set(folder, name);
    hasMore ||= Object.keys(each["optional-dependencies"]).length > 0;
    hasMore ||= Object.keys(each["dev-dependencies"]).some((group) => group !== "dev");
  }
  const rootGroups = lock.manifest?.["dependency-groups"] ?? {};
  const closures = new Map<string, ReadonlySet<string>>();
  return {
    path,
    versions,
    members,
    hasMore: hasMore || members.size > 1,
    installs(member, groups) {
      const key = [member, ...groups].join("\n");
      const found = closures.get(key) ?? closure(packages, rootGroups, members.get(member), groups);
      closures.set(key, found);
      return found;
    },
  };
}

function closure(
  packages: ReadonlyMap<string, readonly Package[]>,
  rootGroups: z.infer<typeof Grouped>,
  member: string | undefined,
  groups: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>();
  const walked = new Set<string>();
  const inGroups = (grouped: z.infer<typeof Grouped>): z.infer<typeof Dependencies> =>
    Object.entries(grouped).flatMap(([name, list]) =>
      groups.includes(name) || groups.includes("all") ? list : [],
    );
  const queue = inGroups(rootGroups);
  for (const own of member === undefined ? [] : (packages.get(member) ?? [])) {
    found.add(normalise(own.name));
    queue.push(...own.dependencies, ...inGroups(own["dev-dependencies"]));
  }
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const name = normalise(next.name);
    found.add(name);
    const key = `${name}[${next.extra.join()}]`;
    if (walked.has(key)) continue;
    walked.add(key);
    for (const each of packages.get(name) ?? []) {
      queue.push(...each.dependencies);
      for (const extra of next.extra) queue.push(...(each["optional-dependencies"][extra] ?? []));
    }
  }
  return found;
}
