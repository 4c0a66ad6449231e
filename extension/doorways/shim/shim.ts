import { delimiter } from "node:path";
import * as l10n from "@vscode/l10n";
import type { CommandAct, DoorRequest } from "../../door/act.ts";
import type { Considered } from "../../door/considered.ts";
import type { Call, Calls } from "../../door/calls.ts";
import type { Door } from "../../door/door.ts";
import type { Problem } from "../../errors.ts";
import { untilEnded } from "../../process/shown.ts";
import { programOnPath } from "../../process/path.ts";
import type { RunningPart } from "../../shell/parts.ts";
import { isInside } from "../../shell/path.ts";
import { quote, quoteAll } from "../../shell/quote.ts";
import type { DirectRun } from "../../toolchain/direct.ts";
import { realTarget } from "../fs/disk.ts";
import type { FastPath } from "./fastPath.ts";
import type { Origins } from "./origin.ts";
import { readPassed, readShimRequest, type ShimRequest } from "./request.ts";
import { setByRunner } from "./runners.ts";
import { changed, type KnownSurroundings, ROUTED } from "./surroundings.ts";

export interface ShimParts {
  readonly door: Pick<Door, "decide" | "started" | "passed">;
  readonly calls: Pick<Calls, "heard" | "inputOf" | "report">;
  /** Nothing else tells what becomes of the agent's calls. */
  readonly alone: boolean;
  /** What proves that a caller belongs to this session. */
  readonly token: string;
  /** The variables that the agent was given: what differs was set since. */
  readonly given: Readonly<Record<string, string>>;
  readonly origins: Pick<Origins, "of">;
  /** Its programs are looked into. */
  readonly project: string;
  /** What lies in them was written by the model, or by the project. */
  readonly folders: readonly string[];
  /** The folder of the shims: what lies there stands for another program. */
  readonly folder: string;
  readonly known: Pick<KnownSurroundings, "learn">;
  readonly fast: Pick<FastPath, "refresh" | "doubt">;
}

/** The `shim` doorway: programs ask before they run, from inside the agent's own shells. */
export class ShimDoorway {
  readonly #parts: ShimParts;
  #passing: Promise<void> = Promise.resolve();

  constructor(parts: ShimParts) {
    this.#parts = parts;
  }

  /** What the shim is to do: words of sh, with the functions of script.ts. */
  async answer(fields: readonly Buffer[], signal: AbortSignal): Promise<string> {
    const { door, token } = this.#parts;
    const asked = readShimRequest(fields, token);
    if (asked === null) return refuse(stranger());
    if (asked.cwd === null) return refuse(noFolder());
    const request = await this.#request(asked, asked.cwd, signal);
    const admitted = await door.decide(request);
    void this.#parts.fast.refresh();
    if (!admitted.ok) return refuse(admitted.error);
    door.started(admitted.value);
    if (this.#parts.alone) this.#follow(asked.pid, admitted.value.call);
    return run(asked, admitted.value.considered);
  }

  /** A shim has let something through by its table, and says so. In the order in which that is said. */
  passed(fields: readonly Buffer[]): void {
    this.#passing = this.#passing
      .then(() => this.#note(fields))
      .catch(() => {
        // It runs by now, whatever is known of it.
      });
  }

  async #note(fields: readonly Buffer[]): Promise<void> {
    const { door, token, origins, fast } = this.#parts;
    const asked = readPassed(fields, token);
    if (asked === null || asked.cwd === null) return;
    const { argv, line } = asked;
    // Its folder as its shell names it, while the door's are without links.
    const [cwd, { own }] = await Promise.all([realTarget(asked.cwd), origins.of(asked)]);
    const act: CommandAct = { kind: "command", line, argv, cwd, env: {} };
    const { signal } = new AbortController();
    const holds = await door.passed({ doorway: "shim", act, running: true, own, signal });
    await (holds ? fast.refresh() : fast.doubt(argv?.[0] ?? "", asked.table));
  }

  /** The shim becomes what it stands for: with its process the call is over, however it ended. */
  #follow(pid: number, call: Call): void {
    void untilEnded(pid).then(() => this.#parts.calls.report(call, "completed"));
  }

  async #request(asked: ShimRequest, cwd: string, signal: AbortSignal): Promise<DoorRequest> {
    const { argv, line, environment, exported } = asked;
    const { own, given: handedOn } = await this.#parts.origins.of(asked);
    const given = { ...this.#parts.given, ...handedOn };
    const set = Object.entries(changed(environment, given));
    const isRunners = setByRunner({ cwd, environment, given, folders: this.#parts.folders });
    const byModel = set.filter(([name, value]) => !isRunners(name, value));
    const env = own ? {} : Object.fromEntries(byModel);
    if (exported !== null) this.#parts.known.learn(exported, environment, given);
    const input = own || argv === null ? undefined : await this.#inputOf({ argv, cwd, variables: {} });
    const act: CommandAct = {
      kind: "command",
      line,
      argv,
      cwd,
      env,
      ...(own ? {} : this.#program(asked)),
      ...(input === undefined ? {} : { input }),
    };
    const asAsked = own || environment[ROUTED] === line;
    return { doorway: "shim", act, running: true, own, asAsked, signal, carriesReason: true };
  }

  /** The program that the shim would start, where the project brings it, and null where nobody does. */
  #program({ argv, environment }: ShimRequest): Pick<CommandAct, "program"> {
    const { folder, project } = this.#parts;
    const [name = "/"] = argv ?? [];
    const { PATH: path = "" } = environment;
    // Relative folders are left to the shim.
    const isPlain = path !== "" && path.split(delimiter).every((each) => each.startsWith("/"));
    if (name.includes("/") || !isPlain) return {};
    const found = programOnPath(name, path, (each) => isInside(folder, each));
    return found === null || isInside(project, found) ? { program: found } : {};
  }

  async #inputOf(running: RunningPart): Promise<string | undefined> {
    await this.#parts.calls.heard(running);
    return this.#parts.calls.inputOf(running);
  }
}

function refuse({ message, next }: Problem): string {
  return `refuse ${quote(message)} ${quote(next)}\n`;
}

/** Runs it as asked, or the words that it was routed to: those that stay are the shim's own, whatever they hold. */
function run(
  { argv, line }: ShimRequest,
  { route, told, rewritten, direct, environment }: Considered,
): string {
  const variables = Object.entries(environment).map(([name, value]) =>
    value === null ? `unset ${name}` : `export ${name}=${quote(value)}`,
  );
  if (route === null || rewritten === null || argv === null) return [...variables, 'run "$@"', ""].join("\n");
  const args = argv.slice(1);
  const started = direct();
  const words = started === null ? rewritten : [started.program, ...started.args];
  let kept = 0;
  while (kept < args.length && kept < words.length - 1 && args.at(-1 - kept) === words.at(-1 - kept)) kept++;
  const fresh = words.slice(0, words.length - kept);
  return [
    ...variables,
    ...(told === null ? [] : [`printf 'interlock: %s\\n' ${quote(told)} >&2`]),
    `${ROUTED}=${quote(line)}`,
    `export ${ROUTED}`,
    `shift ${args.length - kept}`,
    ...(started === null ? [] : inEnvironment(started)),
    `run_other ${quoteAll(fresh)} "$@"`,
    "",
  ].join("\n");
}

/** The variables that `uv run` would have set for the same program. */
function inEnvironment({ variables, first }: DirectRun): readonly string[] {
  const set = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`);
  return [...set, `PATH=${quote(first)}:$PATH`, "export PATH"];
}

function stranger(): Problem {
  return {
    code: "shim.stranger",
    message: l10n.t("This program belongs to another session of Interlock, and was not run."),
    next: l10n.t("Start it from the agent's own shell."),
  };
}

function noFolder(): Problem {
  return {
    code: "shim.folder",
    message: l10n.t("The folder that this runs in is gone, so it was not run."),
    next: l10n.t("Change to an existing folder first."),
  };
}
