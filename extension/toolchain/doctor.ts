import * as l10n from "@vscode/l10n";
import { dirname, relative, sep } from "node:path";
import type { Evidence, EvidenceItem, Language, Ownership } from "./evidence.ts";
import { foldersWith, isWithin, someFolderHolds } from "./folders.ts";
import { ownerHint } from "./hints.ts";
import { providedTool, type ToolOffer } from "./provision/providedTools.ts";
import type { Hint } from "./row.ts";
import type { Toolchain } from "./toolchain.ts";
import { atLeast } from "./versions.ts";
import type { ToolSource } from "./tools.ts";

/** Tools by the name under which they are known, in the order in which they are shown. */
const TOOLS = ["git", "python", "uv", "ruff", "ty", "node", "bun", "tsc", "oxlint"] as const;
export type DoctorTool = (typeof TOOLS)[number];
/** Those of them that work on a language. */
const TOOLS_OF: Readonly<Record<Language, readonly DoctorTool[]>> = {
  python: ["python", "uv", "ruff", "ty"],
  javascript: ["node", "bun", "tsc", "oxlint"],
};

/** Files that pin what is installed, by their names. */
const LOCK_FILE = /(?:\.lockb?|-lock\.(?:json|ya?ml)|-shrinkwrap\.json)$/;

/** Files that begin a project of their own below the folder. */
const MANIFESTS = new Set(["pyproject.toml", "setup.py", "requirements.txt", "package.json"]);

/** Folders with samples for tests: what lies in them is nobody's project. */
const SAMPLES = new Set(["fixtures", "fixture", "__fixtures__", "testdata", "test-data", "test_data"]);

/** The oldest Python that the gates and the sample work with: 3.9 ended in October 2025. */
const OLDEST_PYTHON = "3.10";
/** The oldest Node that the project's own programs run on. */
const OLDEST_NODE = "20";

export interface ToolReport {
  readonly tool: DoctorTool;
  readonly state: "ok" | "old" | "missing";
  readonly version: string | null;
  readonly path: string | null;
  readonly source: ToolSource | null;
  /** True where this folder can't do without it; false where it only makes something better. */
  readonly needed: boolean;
  /** True where something in this folder would use it. */
  readonly used: boolean;
  /** Localised: what it is for. */
  readonly purpose: string;
  /** Localised: what to do; empty where nothing is to be done. */
  readonly next: string;
  /** What Interlock could fetch in its place, once a person says yes; null where nothing is to be done, or it can't. */
  readonly offer: ToolOffer | null;
}

export interface ProjectReport {
  readonly language: Language;
  /** The folder of its nearest manifest, or of what proves its owner. */
  readonly folder: string;
  readonly owner: Ownership;
  /** What was found in it about its language, nearest first. */
  readonly evidence: readonly EvidenceItem[];
  /** Manifests of it that could not be understood. */
  readonly problems: Evidence["problems"];
  /** `present`: its owner has not said whether it is up to date, or isn't asked. */
  readonly lock: "fresh" | "stale" | "present" | "missing" | "none";
  /** The environment's folder, or null. */
  readonly environment: string | null;
  readonly hint: Hint | null;
  /** What works on it, or would. */
  readonly tools: readonly ToolReport[];
}

/** What a folder and its machine have and lack. */
export interface DoctorReport {
  readonly folder: string;
  readonly exists: boolean;
  readonly evidence: readonly string[];
  readonly projects: readonly ProjectReport[];
  readonly tools: readonly ToolReport[];
  readonly problems: Evidence["problems"];
  /** False when something needed is missing or too old. */
  readonly ok: boolean;
}

/** True where a folder, one above it or one of its parts is a project. */
export async function hasProject(toolchain: Toolchain, folder: string): Promise<boolean> {
  if (toolchain.evidence(folder).items.length > 0) return true;
  return someFolderHolds(folder, (name) => MANIFESTS.has(name));
}

/** The folders with a manifest, but for samples of tests, unless one of those is what was asked about. */
async function partsOf(top: string): Promise<readonly string[]> {
  return (await foldersWith(top, (name) => MANIFESTS.has(name))).filter(
    (folder) =>
      !relative(top, folder)
        .split(sep)
        .some((part) => SAMPLES.has(part)),
  );
}

/**
 * Looks at a folder, the projects in it, and the machine. Starts each found program once, to ask for its version.
 * `gitVersion` asks git, which only its own room starts.
 */
export async function doctor(
  toolchain: Toolchain,
  folder: string,
  gitVersion: () => Promise<string | null>,
): Promise<DoctorReport> {
  const folders = new Set([folder, ...(await partsOf(folder))]);
  const places = [...folders].map((each) => toolchain.evidence(each));
  const projects = new Map<string, ProjectReport>();
  for (const evidence of places) {
    for (const language of ["python", "javascript"] as const) {
      const at = folderOf(evidence, language);
      // Members of one workspace are one project.
      if (at === null || projects.has(`${language} ${at}`)) continue;
      const own = TOOLS_OF[language].map((tool) => examine(toolchain, [evidence], tool, gitVersion));
      const used = (await Promise.all(own)).filter((tool) => tool.used);
      projects.set(`${language} ${at}`, await projectOf(toolchain, evidence, language, used));
    }
  }
  const tools = await Promise.all(TOOLS.map((tool) => examine(toolchain, places, tool, gitVersion)));
  const problems = new Map(places.flatMap((each) => each.problems).map((each) => [each.message, each]));
  return {
    folder,
    exists: places[0]?.exists ?? false,
    evidence: [...new Set(places.flatMap(({ items }) => items.map(({ what, path }) => `${what}: ${path}`)))],
    projects: [...projects.values()],
    tools,
    problems: [...problems.values()],
    ok: problems.size === 0 && tools.every(({ needed, state }) => !needed || state === "ok"),
  };
}

async function examine(
  toolchain: Toolchain,
  places: readonly Evidence[],
  tool: DoctorTool,
  gitVersion: () => Promise<string | null>,
): Promise<ToolReport> {
  const names = tool === "python" ? ["python3", "python"] : [tool];
  const all = places.flatMap(({ folder }) =>
    names.map((name) => ({ folder, tool: toolchain.tools.find(name, folder) })),
  );
  const own = all.find((each) => each.tool?.source === "project");
  const { folder = "", tool: found = null } = own ?? all.find((each) => each.tool !== null) ?? {};
  const ask = tool === "git" ? gitVersion : () => toolchain.tools.version(found?.path ?? "", folder);
  const version = found === null ? null : await ask();
  const oldest = tool === "python" ? OLDEST_PYTHON : tool === "node" ? OLDEST_NODE : null;
  const old = version !== null && oldest !== null && !atLeast(version, oldest);
  const state = found === null ? "missing" : old ? "old" : "ok";
  const advice = ADVICE[tool];
  const used = places.some((evidence) => advice.usedBy(evidence));
  return {
    tool,
    state,
    version,
    path: found?.path ?? null,
    source: found?.source ?? null,
    needed: places.some((evidence) => advice.neededBy(evidence)),
    used,
    purpose: advice.purpose(),
    // Nobody should install what nothing here would use.
    next: state !== "ok" && used ? advice.next() : "",
    offer: state === "missing" && used ? offerOf(toolchain, tool) : null,
  };
}

function offerOf({ provided }: Toolchain, name: DoctorTool): ToolOffer | null {
  const tool = providedTool(name);
  const offer = tool === null ? null : provided.offer(tool);
  return offer?.ok === true ? offer.value : null;
}

interface Advice {
  /** True where it would do something. */
  usedBy(evidence: Evidence): boolean;
  neededBy(evidence: Evidence): boolean;
  purpose(): string;
  next(): string;
}

const ownedBy =
  (manager: string) =>
  ({ python, javascript }: Evidence): boolean =>
    [python.owner, javascript.owner].some((owner) => owner.state === "owned" && owner.manager === manager);
const has =
  (language: Language) =>
  (evidence: Evidence): boolean =>
    evidence[language].owner.state !== "absent";
const never = (): boolean => false;

const ADVICE: Readonly<Record<DoctorTool, Advice>> = {
  git: {
    usedBy: () => true,
    neededBy: () => true,
    purpose: () => l10n.t("restore points, and facts about what would be lost"),
    next: () => l10n.t("Install git from your system's packages."),
  },
  python: {
    usedBy: has("python"),
    neededBy: has("python"),
    purpose: () => l10n.t("running Python projects"),
    next: () => l10n.t("Install Python {0} or newer.", OLDEST_PYTHON),
  },
  uv: {
    usedBy: has("python"),
    neededBy: ownedBy("uv"),
    purpose: () => l10n.t("routing Python commands into the locked environment"),
    next: () => l10n.t("Install uv: `pipx install uv`, or see its documentation."),
  },
  ruff: {
    usedBy: has("python"),
    neededBy: never,
    purpose: () => l10n.t("the lint gate for Python"),
    next: () => l10n.t("Add it to the project: `uv add --dev ruff`."),
  },
  ty: {
    usedBy: has("python"),
    neededBy: never,
    purpose: () => l10n.t("the types gate for Python"),
    next: () => l10n.t("Add it to the project: `uv add --dev ty`."),
  },
  node: {
    usedBy: has("javascript"),
    neededBy: has("javascript"),
    purpose: () => l10n.t("running JavaScript projects"),
    next: () => l10n.t("Install Node.js {0} or newer.", OLDEST_NODE),
  },
  bun: {
    usedBy: ownedBy("bun"),
    neededBy: ownedBy("bun"),
    purpose: () => l10n.t("routing package commands of projects that bun owns"),
    next: () => l10n.t("Install bun: `npm install --global bun`, or see its documentation."),
  },
  tsc: {
    usedBy: has("javascript"),
    neededBy: never,
    purpose: () => l10n.t("the types gate for TypeScript"),
    next: () => l10n.t("Install the project's dependencies, or add `typescript` to them."),
  },
  oxlint: {
    usedBy: has("javascript"),
    neededBy: never,
    purpose: () => l10n.t("the lint gate for JavaScript and TypeScript"),
    next: () => l10n.t("Add `oxlint` to the project's dependencies, or install it on this machine."),
  },
};

/** The folder that a project is called by; null where there is none. */
function folderOf(evidence: Evidence, language: Language): string | null {
  const { owner, manifest } = evidence[language];
  if (owner.state === "absent") return null;
  return owner.state === "owned" ? owner.root : (manifest?.folder ?? owner.root);
}

async function projectOf(
  { locks }: Pick<Toolchain, "locks">,
  evidence: Evidence,
  language: Language,
  tools: readonly ToolReport[],
): Promise<ProjectReport> {
  const { owner, manifest } = evidence[language];
  const folder = folderOf(evidence, language) ?? evidence.folder;
  const hint = ownerHint(evidence, language);
  const own = evidence.items.filter(
    (item) => item.language === language && isWithin(folder, dirname(item.path)),
  );
  // A table that proves its owner configures a tool as well.
  const items = own.filter(
    ({ path, what }, at) => own.findIndex((other) => other.path === path && other.what === what) === at,
  );
  const missing = hint?.code === "toolchain.lock.missing";
  const isBroken = typeof manifest?.broken === "string";
  return {
    language,
    folder,
    owner,
    evidence: items,
    problems: isBroken ? evidence.problems : [],
    lock: owner.state !== "owned" ? "none" : missing ? "missing" : await lockOf(locks, owner, items),
    environment: language === "python" ? (evidence.python.environment?.folder ?? null) : null,
    hint,
    tools,
  };
}

async function lockOf(
  locks: Toolchain["locks"],
  { manager, root }: Extract<Ownership, { readonly state: "owned" }>,
  items: readonly EvidenceItem[],
): Promise<ProjectReport["lock"]> {
  if (manager === "uv" || manager === "bun") {
    const { state } = await locks.of({ manager, root });
    return state === "unknown" ? "present" : state;
  }
  const isLock = ({ proves, path, what }: EvidenceItem): boolean =>
    proves === manager && dirname(path) === root && LOCK_FILE.test(what);
  return items.some(isLock) ? "present" : "missing";
}
