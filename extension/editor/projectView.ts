import { MAX_LISTED, MAX_PROJECTS } from "../panel/projectPart.ts";
import { type Folder, shortPath } from "../panel/places.ts";
import type { ProjectCard, ProjectTool } from "../panel/protocol.ts";
import type { DoctorReport, ProjectReport, ToolReport } from "../toolchain/doctor.ts";
import type { EvidenceItem } from "../toolchain/evidence.ts";
import { LOCK_FILES } from "../toolchain/locks.ts";
import type { SwapConsent } from "../toolchain/swapConsents.ts";
import type { ToolSource } from "../toolchain/tools.ts";

/** A manager that writes a lock for a person. */
export type LockManager = keyof typeof LOCK_FILES;

/** A project as the page is told of it, and what stands behind its buttons. */
export interface ShownProject {
  readonly card: ProjectCard;
  readonly report: ProjectReport;
  /** Who would write its lock, where that is offered. */
  readonly by: LockManager | null;
}

const SOURCES: Readonly<Record<ToolSource, NonNullable<ProjectTool["source"]>>> = {
  project: "project",
  path: "yours",
  home: "yours",
  provided: "interlock",
};

interface Known {
  /** Whether a manager's program is there to be asked. */
  readonly has: (manager: LockManager) => boolean;
  /** What a person said of other programs in a project. */
  readonly said: (root: string) => SwapConsent;
}

/** The cards of the window's projects. */
export function shownProjects(
  reports: readonly DoctorReport[],
  folders: readonly Folder[],
  { has, said }: Known,
): readonly ShownProject[] {
  const projects = new Map<string, ProjectReport>();
  for (const project of reports.flatMap((report) => report.projects))
    projects.set(`${project.language}:${project.folder}`, project);
  const places = new Set([...projects.values()].map(({ folder }) => folder));
  const roots = new Set(folders.map(({ path }) => path));
  const isOnlyRoot = places.size === 1 && [...places].every((place) => roots.has(place));
  return [...projects].slice(0, MAX_PROJECTS).map(([id, report]) => {
    const by = writerOf(report, has);
    const where = isOnlyRoot ? {} : { where: shortPath(folders, report.folder) };
    const { accepted, never } = said(report.folder);
    const ofSwaps = { swaps: accepted.slice(0, MAX_LISTED), noSwaps: never };
    return { report, by, card: { id, ...where, ...cardOf(report, by, folders), ...ofSwaps } };
  });
}

function cardOf(
  report: ProjectReport,
  by: LockManager | null,
  folders: readonly Folder[],
): Omit<ProjectCard, "id" | "where" | "swaps" | "noSwaps"> {
  const { language, owner, lock, environment, evidence, tools, problems } = report;
  const offer = offerOf(report, by);
  const manager = owner.state === "owned" ? owner.manager : null;
  const files = manager === "uv" || manager === "bun" ? LOCK_FILES[manager] : null;
  const old = owner.state === "owned" && owner.proof.what === "bun.lockb" ? owner.proof.what : null;
  return {
    language,
    managers: managersOf(owner),
    lock,
    ...(files === null ? {} : { lockFile: old ?? files.lock, manifest: files.manifest }),
    ...(environment === null ? {} : { environment: shortPath(folders, environment) }),
    evidence: evidence.slice(0, MAX_LISTED).map((item) => evidenceOf(item, folders)),
    tools: tools.slice(0, MAX_LISTED).map(toolOf),
    problems: problems.map(({ message, next }) => `${message} ${next}`),
    ...(offer === undefined ? {} : { offer }),
    ...(by === null ? {} : { by }),
  };
}

function managersOf(owner: ProjectReport["owner"]): string[] {
  if (owner.state === "owned") return [owner.manager];
  if (owner.state !== "ambiguous") return [];
  return [...new Set(owner.proofs.flatMap(({ proves }) => proves ?? []))];
}

function evidenceOf({ what, path, proves }: EvidenceItem, folders: readonly Folder[]) {
  return { what, path: shortPath(folders, path), ...(proves === null ? {} : { proves }) };
}

function toolOf({ tool, state, version, source, purpose, next, offer }: ToolReport): ProjectTool {
  return {
    tool,
    state,
    ...(version === null ? {} : { version }),
    ...(source === null ? {} : { source: SOURCES[source] }),
    purpose,
    next,
    ...(offer === null ? {} : { bytes: offer.size }),
  };
}

/** Who would write a lock that is missing or behind; null where none is, or its program is not there. */
function writerOf(
  { owner, lock, hint, language, problems }: ProjectReport,
  has: (manager: LockManager) => boolean,
): LockManager | null {
  if (problems.length > 0) return null;
  if (owner.state === "owned") {
    const { manager } = owner;
    const wants = lock === "stale" || lock === "missing";
    return wants && (manager === "uv" || manager === "bun") && has(manager) ? manager : null;
  }
  if (owner.state !== "unowned" || hint?.command === undefined) return null;
  const manager = language === "python" ? "uv" : "bun";
  return has(manager) ? manager : null;
}

function offerOf({ owner, lock }: ProjectReport, by: LockManager | null): ProjectCard["offer"] {
  if (owner.state === "ambiguous") return "choose";
  if (by === null) return undefined;
  return lock === "stale" ? "update" : "lock";
}
