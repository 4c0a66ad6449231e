import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../errors.ts";
import { PRIVATE_FILE, privateFolder } from "../state/directory.ts";
import type { Route } from "../toolchain/route.ts";

/** Characters of a command that the notice repeats; its row has all of it. */
const SHOWN = 200;

/** Tells a person once a project that commands are sent through the project's own tools. */
export class FirstRoute {
  readonly #stateDirectory: string;
  readonly #root: string;
  readonly #tell: (problem: Problem, call: string) => void;
  #isOver = false;

  constructor(stateDirectory: string, root: string, tell: (problem: Problem, call: string) => void) {
    this.#stateDirectory = stateDirectory;
    this.#root = root;
    this.#tell = tell;
  }

  async announce(call: string, route: Route | null): Promise<void> {
    if (route === null || this.#isOver) return;
    this.#isOver = true;
    if (await this.#isFirst()) this.#tell(firstRoute(route), call);
  }

  /** The file stands for "told", for all windows: whoever makes it tells. Where none can be made it is told once a session. */
  async #isFirst(): Promise<boolean> {
    const folder = join(this.#stateDirectory, "routing");
    const name = createHash("sha256").update(this.#root).digest("hex").slice(0, 32);
    const content = { version: 1, project: this.#root, at: new Date().toISOString() };
    try {
      await privateFolder(folder);
      await writeFile(join(folder, `${name}.json`), `${JSON.stringify(content)}\n`, {
        flag: "wx",
        mode: PRIVATE_FILE,
      });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== "EEXIST";
    }
    return true;
  }
}

function firstRoute({ from, to }: Route): Problem {
  return {
    code: "routing.first",
    message: l10n.t("Commands go through this project's own tools: {0} runs as {1}.", short(from), short(to)),
    next: l10n.t("Told once. Open a row to have it run as asked."),
  };
}

function short(line: string): string {
  return `“${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}”`;
}
