import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../errors.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../state/directory.ts";
import type { Considered } from "../door/considered.ts";
import type { Route } from "../toolchain/route.ts";
import type { Hint } from "../toolchain/row.ts";

/** Characters of a command that the notice repeats; its row has all of it. */
const SHOWN = 200;

/** Tells a person once a project that commands are sent through the project's own tools, or why they can't be. */
export class FirstRoute {
  readonly #stateDirectory: string;
  readonly #root: string;
  readonly #tell: (problem: Problem, call: string) => void;
  #isOver = false;
  #isHinted = false;

  constructor(stateDirectory: string, root: string, tell: (problem: Problem, call: string) => void) {
    this.#stateDirectory = stateDirectory;
    this.#root = root;
    this.#tell = tell;
  }

  /** Told before what runs says anything, so the one small file of it is written at once. */
  announce(call: string, { route, hints, asked }: Pick<Considered, "route" | "hints" | "asked">): void {
    if (route !== null && !this.#isOver) {
      this.#isOver = true;
      if (this.#isFirst("")) this.#tell(firstRoute(route), call);
    } else if (route === null && !this.#isHinted) {
      const [hint] = hints();
      if (hint === undefined) return;
      this.#isHinted = true;
      if (this.#isFirst(`-${hint.code}`)) this.#tell(notSent(hint, asked), call);
    }
  }

  /** The file stands for "told", for all windows: whoever makes it tells. Where none can be made it is told once a session. */
  #isFirst(about: string): boolean {
    const folder = join(this.#stateDirectory, "routing");
    const name = createHash("sha256").update(this.#root).digest("hex").slice(0, 32);
    const content = { version: 1, project: this.#root, at: new Date().toISOString() };
    try {
      mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
      writeFileSync(join(folder, `${name}${about}.json`), `${JSON.stringify(content)}\n`, {
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

function notSent({ code, message }: Hint, asked: string): Problem {
  return {
    code,
    message: `${message} ${l10n.t("Until then {0} runs as asked.", short(asked))}`,
    next: l10n.t("Told once. “Show Project” says more, and offers what can be done."),
  };
}

function short(line: string): string {
  return `“${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}”`;
}
