import * as l10n from "@vscode/l10n";
import { type Act, changeKey, type DoorRequest } from "../../door/act.ts";
import { type Call, isKnown } from "../../door/calls.ts";
import type { Door } from "../../door/door.ts";
import type { Problem } from "../../errors.ts";
import type { TextFiles } from "../fs/access.ts";
import { ownToolCall } from "../mcp/ownTools.ts";
import { realTarget } from "../fs/disk.ts";
import type { ObservedDoorway } from "../observed/observed.ts";
import {
  commandOf,
  diffsOf,
  folderOf,
  kindOf,
  pathsOf,
  titleCommand,
  type ToolCallReport,
} from "../observed/report.ts";

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
  readonly files: Pick<TextFiles, "read">;
  /** Aborts when the person stops the turn. */
  readonly stopped: () => AbortSignal;
  /** True while the agent is connected to Interlock's own tools: then none of that name is another's. */
  readonly ownTools: () => boolean;
}

const CANCELLED: PermissionOutcome = { outcome: "cancelled" };

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
    const { call, said } = this.#parts.observed.report(toolCall, true);
    const allow = choose(options, "allow");
    // What one of Interlock's own tools does is asked about where it does it.
    if (this.#parts.ownTools() && ownToolCall(said.title, said.rawInput) !== null) return allow;
    const stopped = this.#parts.stopped();
    // Some agents say "in progress" while they wait for the answer: until there is one, that is no news.
    call.inDoor = true;
    try {
      for (const [index, act] of (await this.#acts(said, call)).entries()) {
        call.inDoor = true;
        const { toolCallId } = toolCall;
        const cannotAllow = allow.outcome === "cancelled" ? { cannotAllow: noOption() } : {};
        const change = (): Promise<string | undefined> => this.#change(said, act);
        const request: DoorRequest = {
          doorway: "permission",
          act,
          more: index > 0,
          toolCallId,
          signal,
          change,
          ...cannotAllow,
        };
        const admitted = await this.#parts.door.decide(request);
        // A turn that the person stopped: the protocol wants its questions answered as cancelled.
        if (!admitted.ok) return stopped.aborted ? CANCELLED : choose(options, "reject");
      }
      return allow;
    } finally {
      call.inDoor = false;
    }
  }

  /** What the diffs that a person is shown make of a file. Some agents send whole texts, others the part that changes. */
  async #change(said: ToolCallReport, act: Act): Promise<string | undefined> {
    if (act.kind !== "write") return undefined;
    const { files, cwd } = this.#parts;
    const told = diffsOf(said, cwd);
    const paths = await Promise.all(told.map(({ path }) => realTarget(path)));
    const own = told.filter((_, index) => paths[index] === act.path);
    if (own.length === 0) return undefined;
    const before = await files.read(act.path).catch(() => null);
    const after = own.reduce(
      (text, { oldText, newText }) =>
        oldText !== null && oldText !== "" && text.includes(oldText)
          ? text.replace(oldText, () => newText)
          : newText,
      before ?? "",
    );
    return changeKey(before, after);
  }

  /** What the agent is about to do, from everything that it said of it: some requests hold an id alone. */
  async #acts(said: ToolCallReport, call: Call): Promise<readonly Act[]> {
    // Where a hook told before in which folder the agent's shell stands, it is there.
    const cwd = (isKnown(call) ? call.cwd : null) ?? this.#parts.cwd;
    const command = commandOf(said) ?? titleCommand(said);
    if (command !== undefined) {
      return [
        { kind: "command", line: command, argv: null, cwd: await realTarget(folderOf(said, cwd)), env: {} },
      ];
    }
    const kind = kindOf(said);
    const paths = pathsOf(said, cwd);
    // What deletes or moves is no write whose diff could be looked at afterwards.
    const isFile = kind === "read" || said.kind === "edit";
    if (paths.length > 0 && isFile) {
      const does = kind === "read" ? "read" : "write";
      return Promise.all(paths.map(async (path) => ({ kind: does, path: await realTarget(path) }) as const));
    }
    return [{ kind: "tool", title: said.title ?? call.title ?? l10n.t("a tool without a name") }];
  }
}

function noOption(): Problem {
  return {
    code: "permission.no-option",
    message: l10n.t("The agent offers no way to allow this once, so it was not allowed."),
    next: l10n.t("Look for an agent's setting that makes it ask each time."),
  };
}

/** Options that last, by whatever kind they call themselves. */
const LASTING = /always|don.?t ask|bypass|(?<![a-z])session(?![a-z])|accept.?edits/i;

/**
 * Picks an option by what it is for. What lasts (`allow_always`, `reject_always`, or an option that says so in its
 * name) makes rules inside the agent that nobody sees: it is never sent. Without a fitting option the request is
 * cancelled, which never means yes.
 */
function choose(options: readonly PermissionOption[], answer: "allow" | "reject"): PermissionOutcome {
  const fitting = options.filter(
    (option) => option.kind === `${answer}_once` && !LASTING.test(`${option.optionId} ${option.name}`),
  );
  const [option] = fitting.toSorted((a, b) => widens(a) - widens(b));
  return option === undefined ? CANCELLED : { outcome: "selected", optionId: option.optionId };
}

/** Of two options of a kind the narrower one is meant. */
function widens(option: PermissionOption): number {
  return /\ball\b|every/i.test(`${option.optionId} ${option.name}`) ? 1 : 0;
}
