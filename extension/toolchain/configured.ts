import { join } from "node:path";
import type { Reader } from "./disk.ts";

/** Files whose very presence configures a tool. */
const BY_FILE: readonly (readonly [RegExp, string])[] = [
  [/^\.?ruff\.toml$/, "ruff"],
  [/^ty\.toml$/, "ty"],
  [/^\.?mypy\.ini$/, "mypy"],
  [/^\.flake8$/, "flake8"],
  [/^\.isort\.cfg$/, "isort"],
  [/^\.?pylintrc(\.toml)?$/, "pylint"],
  [/^pyrightconfig\.json$/, "pyright"],
  [/^\.?pytest\.(ini|toml)$/, "pytest"],
  [/^\.eslintrc(\..+)?$|^eslint\.config\.[cm]?[jt]s$/, "eslint"],
  [/^\.prettierrc(\..+)?$|^prettier\.config\.[cm]?[jt]s$/, "prettier"],
  [/^\.?oxlintrc\.jsonc?$|^oxlint\.config\.[cm]?[jt]s$/, "oxlint"],
  [/^\.?biome\.jsonc?$/, "biome"],
  [/^jest\.config\.[cm]?[jt]s(on)?$/, "jest"],
  [/^vitest\.config\.[cm]?[jt]s$/, "vitest"],
  [/^tsconfig(\..+)?\.json$/, "typescript"],
];
/** Tools whose configuration is evidence of Python; that of the others is of JavaScript. */
export const PYTHON_TOOLS = new Set([
  "ruff",
  "ty",
  "mypy",
  "flake8",
  "isort",
  "pylint",
  "pyright",
  "pytest",
  "black",
]);
/** Sections of setup.cfg and tox.ini that configure a Python tool. */
const SECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\[flake8\b/m, "flake8"],
  [/^\[mypy\b/m, "mypy"],
  [/^\[(?:tool:)?isort\b/m, "isort"],
  [/^\[pylint\b/m, "pylint"],
  [/^\[(?:tool:)?pytest\b/m, "pytest"],
];
/** Keys of package.json that configure a tool. */
const PACKAGE_KEYS: Readonly<Record<string, string>> = {
  eslintConfig: "eslint",
  prettier: "prettier",
  jest: "jest",
};
/** Tools that a `.pre-commit-config.yaml` may run: a mention makes one the project's own. */
const HOOKED = [
  "black",
  "flake8",
  "isort",
  "mypy",
  "pylint",
  "pyright",
  "ruff",
  "eslint",
  "prettier",
  "biome",
];

/** The tools that have a configuration of their own in a folder. */
export function configuredIn(
  reader: Reader,
  folder: string,
  names: ReadonlySet<string>,
): readonly { readonly tool: string; readonly path: string }[] {
  const found: { tool: string; path: string }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    for (const [pattern, tool] of BY_FILE) if (pattern.test(name)) found.push({ tool, path });
  }
  for (const name of ["setup.cfg", "tox.ini"]) {
    if (!names.has(name)) continue;
    const path = join(folder, name);
    for (const tool of reader.parsed(path, sectionsOf) ?? []) found.push({ tool, path });
  }
  if (names.has(".pre-commit-config.yaml")) {
    const path = join(folder, ".pre-commit-config.yaml");
    for (const tool of reader.parsed(path, hooksOf) ?? []) found.push({ tool, path });
  }
  return found;
}

/** The tools that keys of a package.json configure. */
export function configuredByKeys(keys: ReadonlySet<string>): readonly string[] {
  return Object.entries(PACKAGE_KEYS).flatMap(([key, tool]) => (keys.has(key) ? [tool] : []));
}

function sectionsOf(text: string): readonly string[] {
  return SECTIONS.filter(([pattern]) => pattern.test(text)).map(([, tool]) => tool);
}

function hooksOf(text: string): readonly string[] {
  return HOOKED.filter((tool) => new RegExp(String.raw`\b${tool}\b`).test(text));
}
