import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { nearestFile } from "../toolchain/folders.ts";
import { atLeast } from "../toolchain/versions.ts";
import type { CheckerDeps } from "./command.ts";
import { PYTHON_FILE } from "./pythonParts.ts";
import type { ServerSpec } from "./serverLink.ts";
import { TYPESCRIPT_FILE } from "./tsc.ts";
import { notInstalled, pythonProject } from "./ty.ts";

/** How to keep one tool warm. */
export interface WarmKind {
  /** The project of a file; null where this tool can't be kept warm for it. */
  readonly projectOf: (file: string, deps: CheckerDeps) => Promise<WarmProject | null>;
}

export interface WarmProject {
  readonly spec: ServerSpec;
  /** What the tool calls itself, such as `ty 0.0.104`. */
  readonly tool: string;
  readonly isSource: (name: string) => boolean;
  /** Files whose change makes everything else look different: the server starts anew. */
  readonly foundations: readonly string[];
}

export const WARM_TY: WarmKind = {
  async projectOf(file, { tools, evidence, folder }) {
    const root = pythonProject(evidence(dirname(file)), folder);
    const known = evidence(root);
    const found = tools.find("ty", root);
    if (found === null || notInstalled(known) !== null) return null;
    const environment = known.python.environment?.folder;
    const python = environment === undefined ? {} : { environment: { python: environment } };
    const version = await tools.version(found.path, root);
    return {
      spec: {
        command: found.path,
        args: ["server"],
        root,
        options: { configuration: python },
        languageOf: () => "python",
        name: (code) => ({ code, source: "ty" }),
      },
      tool: version === null ? "ty" : `ty ${version}`,
      isSource: (name) => PYTHON_FILE.test(name),
      foundations: [
        found.path,
        join(root, "pyproject.toml"),
        join(root, "ty.toml"),
        ...(environment === undefined ? [] : [join(environment, "pyvenv.cfg"), ...sitePackages(environment)]),
        ...(known.python.lock === null ? [] : [known.python.lock.path]),
      ],
    };
  },
};

/** The first TypeScript that is a language server by itself. */
const NATIVE_TYPESCRIPT = "7.0";

export const WARM_TSC: WarmKind = {
  async projectOf(file, { tools, evidence, folder }) {
    const config = nearestFile(folder, file, "tsconfig.json");
    const found = config === null ? null : tools.inNodeModules("tsc", dirname(config));
    if (config === null || found === null) return null;
    const root = dirname(config);
    const version = await tools.version(found.path, root);
    if (version === null || !atLeast(version, NATIVE_TYPESCRIPT)) return null;
    const { manifest, lock } = evidence(root).javascript;
    return {
      spec: {
        command: found.path,
        args: ["--lsp", "--stdio"],
        root,
        options: {},
        languageOf: (path) => (path.endsWith("x") ? "typescriptreact" : "typescript"),
        name: (code) => ({ code: `TS${code}`, source: "tsc" }),
      },
      tool: `tsc ${version}`,
      isSource: (name) => TYPESCRIPT_FILE.test(name),
      foundations: [
        found.path,
        config,
        join(root, "node_modules"),
        ...(manifest === null ? [] : [manifest.path, join(manifest.folder, "node_modules")]),
        ...(lock === null ? [] : [lock.path]),
      ],
    };
  },
};

/** Where an environment's packages lie: what is installed or removed changes the folder. */
function sitePackages(environment: string): readonly string[] {
  const lib = join(environment, "lib");
  if (!existsSync(lib)) return [join(environment, "Lib", "site-packages")];
  return readdirSync(lib).map((python) => join(lib, python, "site-packages"));
}
