/**
 * Build and cache outputs: what a tool makes again by itself. Only what git ignores is looked up here, by the
 * name of any folder on its path, or of the file. Never `.env`, databases or data folders.
 */
const FOLDERS = new Set([
  "node_modules",
  "bower_components",
  ".venv",
  "venv",
  "__pycache__",
  ".pytest_cache",
  ".mypy_cache",
  ".ruff_cache",
  ".ty_cache",
  ".tox",
  ".nox",
  ".eggs",
  ".hypothesis",
  ".ipynb_checkpoints",
  "htmlcov",
  "coverage",
  ".coverage",
  ".nyc_output",
  "build",
  "dist",
  "out",
  "target",
  "bin",
  "obj",
  ".next",
  ".nuxt",
  ".svelte-kit",
  ".astro",
  ".output",
  ".angular",
  ".expo",
  ".turbo",
  ".nx",
  ".parcel-cache",
  ".cache",
  ".vite",
  ".rollup.cache",
  ".eslintcache",
  ".swc",
  ".gradle",
  ".m2",
  "_build",
  "site",
  "storybook-static",
  ".docusaurus",
  ".jekyll-cache",
  "_site",
  "tmp",
  "temp",
  ".tmp",
  "cmake-build-debug",
  "cmake-build-release",
  "CMakeFiles",
  "DerivedData",
  ".dart_tool",
  "zig-cache",
  "zig-out",
  ".zig-cache",
  "elm-stuff",
  "playwright-report",
  "test-results",
  "test-output",
  ".terraform",
  ".serverless",
  ".bundle",
  "Pods",
  ".yarn",
  ".pnpm-store",
]);

const FILES =
  /\.(pyc|pyo|o|obj|a|so|dylib|dll|class|jar|war|tsbuildinfo|log|tmp|swp|swo|map|gcda|gcno|profraw|egg|whl|vsix)$|^(\.DS_Store|Thumbs\.db|\.eslintcache|\.coverage|coverage\.xml|npm-debug\.log.*)$|\.egg-info(\/|$)|~$/;

/** What is precious even inside a folder of the table. */
const PRECIOUS =
  /(^|\/)(\.env(\.[\w.-]+)?|data|database|db|backups?|uploads|secrets?)(\/|$)|\.(sqlite3?|db|mdb|dump|sql|bak|pem|key|csv|parquet|xlsx)$/i;

/** Folders that only ever hold what a package manager or tool put there. */
const WHOLLY =
  /(^|\/)(node_modules|\.venv|venv|__pycache__|\.tox|\.nox|\.mypy_cache|\.ruff_cache|\.pytest_cache)(\/|$)/;

/** Interlock's own record is ignored too, and nothing makes it again. */
const RECORD = /(^|\/)agent-audit(\/|$)/i;

/** True for a folder that only ever holds what a package manager or tool put there, and for what is in it. */
export function isWhollyRebuildable(path: string): boolean {
  return WHOLLY.test(path);
}

/** True when an ignored path, relative to the repository, is made again by a tool. */
export function isRebuildable(path: string): boolean {
  if (WHOLLY.test(path)) return true;
  if (RECORD.test(path)) return false;
  const parts = path.replace(/\/$/, "").split("/");
  // A precious name above the outputs' own folder says nothing about them: `data/build/x.o`.
  const at = parts.findIndex((part) => FOLDERS.has(part) || part.endsWith(".egg-info"));
  if (at >= 0) return !PRECIOUS.test(parts.slice(at + 1).join("/"));
  return FILES.test(parts.at(-1) ?? "") && !PRECIOUS.test(path);
}
