import type { ProjectCard } from "../../extension/panel/protocol.ts";

/** Nothing was said of other programs. */
const NO_SWAPS = { swaps: [], noSwaps: false } satisfies Partial<ProjectCard>;

const ruff = {
  tool: "ruff",
  state: "ok",
  version: "0.17.5",
  source: "project",
  purpose: "the lint gate for Python",
  next: "",
} as const;
const uv = {
  tool: "uv",
  state: "ok",
  version: "0.13.8",
  source: "yours",
  purpose: "routing Python commands into the locked environment",
  next: "",
} as const;

/** A project of uv whose lock is behind, and which lacks a checker. */
export const stalePython: ProjectCard = {
  swaps: [{ rule: "swap.flake8", tool: "flake8", by: "ruff" }],
  noSwaps: false,
  id: "python:/projects/sample",
  language: "python",
  managers: ["uv"],
  lock: "stale",
  lockFile: "uv.lock",
  manifest: "pyproject.toml",
  environment: ".venv",
  evidence: [
    { what: "uv.lock", path: "uv.lock", proves: "uv" },
    { what: "pyproject.toml", path: "pyproject.toml" },
    { what: "[tool.ruff]", path: "pyproject.toml" },
  ],
  tools: [
    {
      tool: "python",
      state: "old",
      version: "3.9.1",
      source: "yours",
      purpose: "running Python projects",
      next: "Install Python 3.10 or newer.",
    },
    uv,
    ruff,
    {
      tool: "ty",
      state: "missing",
      purpose: "the types gate for Python",
      next: "Add it to the project: `uv add --dev ty`.",
      bytes: 17_568_960,
    },
  ],
  problems: [],
  offer: "update",
  by: "uv",
};

const node = {
  tool: "node",
  state: "ok",
  version: "24.21.0",
  source: "yours",
  purpose: "running JavaScript projects",
  next: "",
} as const;
const tsc = {
  tool: "tsc",
  state: "ok",
  version: "7.0.2",
  source: "project",
  purpose: "the types gate for TypeScript",
  next: "",
} as const;

const fresh: ProjectCard = {
  ...NO_SWAPS,
  id: "javascript:/projects/sample/packages/web",
  language: "javascript",
  where: "packages/web",
  managers: ["bun"],
  lock: "fresh",
  lockFile: "bun.lock",
  manifest: "package.json",
  evidence: [
    { what: "bun.lock", path: "packages/web/bun.lock", proves: "bun" },
    { what: "package.json", path: "packages/web/package.json" },
  ],
  tools: [node, tsc],
  problems: [],
};

const ambiguous: ProjectCard = {
  ...NO_SWAPS,
  id: "javascript:/projects/sample/site",
  language: "javascript",
  where: "site",
  managers: ["bun", "npm"],
  lock: "none",
  evidence: [
    { what: "bun.lock", path: "site/bun.lock", proves: "bun" },
    { what: "package-lock.json", path: "site/package-lock.json", proves: "npm" },
    { what: "package.json", path: "site/package.json" },
  ],
  tools: [node],
  problems: [],
  offer: "choose",
};

const unowned: ProjectCard = {
  ...NO_SWAPS,
  id: "python:/projects/sample/tools/a-rather-long-name-of-a-folder",
  language: "python",
  where: "tools/a-rather-long-name-of-a-folder",
  managers: [],
  lock: "none",
  evidence: [{ what: "pyproject.toml", path: "tools/a-rather-long-name-of-a-folder/pyproject.toml" }],
  tools: [uv, ruff],
  problems: [],
  offer: "lock",
  by: "uv",
};

const broken: ProjectCard = {
  ...NO_SWAPS,
  id: "javascript:/projects/sample/old",
  language: "javascript",
  where: "old",
  managers: [],
  lock: "none",
  evidence: [{ what: "package.json", path: "old/package.json" }],
  tools: [],
  problems: ["old/package.json can't be read: Unexpected end. Correct the file."],
};

const locked: ProjectCard = {
  ...NO_SWAPS,
  id: "javascript:/projects/sample/docs",
  language: "javascript",
  where: "docs",
  managers: ["pnpm"],
  lock: "present",
  evidence: [{ what: "pnpm-lock.yaml", path: "docs/pnpm-lock.yaml", proves: "pnpm" }],
  tools: [node, tsc],
  problems: [],
};

/** What can be wrong with a project, and what is nobody's. */
export const troubled: readonly ProjectCard[] = [ambiguous, unowned, broken];
/** More projects than lines. */
export const monorepo: readonly ProjectCard[] = [
  { ...stalePython, where: "api" },
  fresh,
  ambiguous,
  unowned,
  locked,
];
