import type { Act, DoorRequest } from "../../door/act.ts";
import type { Call } from "../../door/calls.ts";
import type { Door } from "../../door/door.ts";
import { realTarget } from "../fs/disk.ts";
import {
  commandOf,
  folderOf,
  type ObservedDoorway,
  pathsOf,
  type ToolCallReport,
} from "../observed/observed.ts";

export interface PermissionOption {
  readonly optionId: string;
  readonly name: string;
  readonly kind: string;
}

export type PermissionOutcome =
  | { readonly outcome: "selected"; readonly optionId: string }
  | { readonly outcome: "cancelled" };

export interface PermissionParts {
  readonly door: Door;
  readonly observed: ObservedDoorway;
  readonly cwd: string;
}

/** The `permission` doorway: the agent asks before it acts, and Interlock answers in a person's place or with them. */
export class PermissionDoorway {
  readonly #parts: PermissionParts;

  constructor(parts: PermissionParts) {
    this.#parts = parts;
  }

  async answer(
    toolCall: ToolCallReport,
    options: readonly PermissionOption[],
    signal: AbortSignal,
  ): Promise<PermissionOutcome> {
    const call = this.#parts.observed.report(toolCall);
    for (const act of await this.#acts(toolCall, call)) {
      const request: DoorRequest = { doorway: "permission", act, toolCallId: toolCall.toolCallId, signal };
      const admitted = await this.#parts.door.decide(request);
      if (!admitted.ok) return choose(options, "reject");
    }
    return choose(options, "allow");
  }

  /** What the agent is about to do. An id alone is looked up in what it said before. */
  async #acts(toolCall: ToolCallReport, call: Call): Promise<readonly Act[]> {
    const { cwd } = this.#parts;
    const command =
      commandOf(toolCall) ?? (call.kind === "command" ? (call.command ?? toolCall.title) : undefined);
    if (typeof command === "string" && command !== "") {
      return [
        { kind: "command", line: command, argv: null, cwd: call.cwd ?? folderOf(toolCall, cwd), env: {} },
      ];
    }
    const paths = pathsOf(toolCall, cwd);
    if (paths.length > 0 && (call.kind === "edit" || call.kind === "read")) {
      const kind = call.kind === "edit" ? "write" : "read";
      return Promise.all(paths.map(async (path) => ({ kind, path: await realTarget(path) }) as const));
    }
    return [{ kind: "tool", title: toolCall.title ?? call.id }];
  }
}

/**
 * Picks an option by what it is for. `allow_always` and `reject_always` make rules inside the agent that nobody sees:
 * they are never sent. Without a fitting option the request is cancelled, which never means yes.
 */
function choose(options: readonly PermissionOption[], answer: "allow" | "reject"): PermissionOutcome {
  const fitting = options.filter((option) => option.kind === `${answer}_once`);
  const [option] = fitting.toSorted((a, b) => widens(a) - widens(b));
  return option === undefined ? { outcome: "cancelled" } : { outcome: "selected", optionId: option.optionId };
}

/** Of two options of a kind the narrower one is meant: some agents mark lasting ones as `allow_once` too. */
function widens(option: PermissionOption): number {
  return /always|session|don.t ask|all |every|accept.?edits|bypass/i.test(`${option.optionId} ${option.name}`)
    ? 1
    : 0;
}
