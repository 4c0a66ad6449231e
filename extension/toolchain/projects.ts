import * as l10n from "@vscode/l10n";
import { relative } from "node:path";
import type { Problem } from "../errors.ts";
import { Disk, type Snapshot } from "./disk.ts";
import type { Evidence } from "./evidence.ts";
import { readJavaScript } from "./javascriptEvidence.ts";
import { type Bounds, levelsOf } from "./levels.ts";
import { readPython } from "./pythonEvidence.ts";

export interface ProjectsOptions extends Bounds {
  /** The host's environment: uv reads where a project's environment lies from it, and pip its settings. */
  readonly env: NodeJS.ProcessEnv;
}

/** Folders whose evidence is kept. */
const MAX_FOLDERS = 500;

/**
 * The evidence of each folder. It is kept together with the stamps of all that was looked at, so that a second look
 * costs one `stat` a file and is never out of date.
 */
export class Projects {
  readonly #disk = new Disk();
  readonly #kept = new Map<string, Snapshot<Evidence>>();
  readonly #options: ProjectsOptions;

  constructor(options: ProjectsOptions) {
    this.#options = options;
  }

  evidence(folder: string): Evidence {
    const kept = this.#kept.get(folder);
    if (kept !== undefined && this.#disk.holds(kept)) return kept.value;
    const snapshot = this.#disk.observe((reader): Evidence => {
      const levels = levelsOf(folder, reader, this.#options);
      const python = readPython(reader, levels, this.#options);
      const javascript = readJavaScript(reader, levels);
      return {
        folder,
        exists: reader.exists(folder),
        items: [...python.items, ...javascript.items],
        python,
        javascript,
        problems: brokenFiles(folder, [python.manifest, javascript.manifest, javascript.rootManifest]),
      };
    });
    this.#kept.delete(folder);
    this.#kept.set(folder, snapshot);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_FOLDERS && oldest !== undefined) this.#kept.delete(oldest);
    return snapshot.value;
  }
}

function brokenFiles(folder: string, manifests: readonly (Manifest | null)[]): readonly Problem[] {
  const broken = new Map(manifests.map((each) => [each?.path, each?.broken] as const));
  return [...broken].flatMap(([path, why]) => {
    if (path === undefined || why === undefined || why === null) return [];
    return {
      code: "toolchain.manifest.broken",
      message: l10n.t("{0} can't be read: {1}", relative(folder, path), why),
      next: l10n.t("Correct the file. Until then, commands of this project run as asked."),
    };
  });
}

interface Manifest {
  readonly path: string;
  readonly broken: string | null;
}
