import { createHash } from "node:crypto";
import type { Doorway } from "../audit/record.ts";
import type { Problem } from "../errors.ts";
import type { FileDiff } from "../events/event.ts";

export interface CommandAct {
  readonly kind: "command";
  /** The line as a shell would read it: what people see, and what is recorded. */
  readonly line: string;
  /** Program and arguments where no shell is involved; null where the line is handed to one. */
  readonly argv: readonly string[] | null;
  readonly cwd: string;
  /** Variables that the agent sets for it. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the program lies that its name stands for, where that is one of the project's own; null: nowhere, so that it fails. */
  readonly program?: string | null;
  /** What it is given to read, where the line that it belongs to says so. */
  readonly input?: string;
}

/** What reaches the machine through a doorway. Paths and folders are absolute. */
export type Act =
  | CommandAct
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "write"; readonly path: string }
  /** A tool of the agent's own whose effects can't be told from what it says. */
  | { readonly kind: "tool"; readonly title: string };

export interface DoorRequest {
  readonly doorway: Doorway;
  readonly act: Act;
  /** The agent's own id of the tool call, where the doorway carries one. */
  readonly toolCallId?: string;
  /** The path as the agent named it, before links were followed. */
  readonly named?: string;
  /** The key by which the agent tells of the act, where that is none of the act itself: it called one of Interlock's own tools. */
  readonly alias?: string;
  /** True for one more act of the same question: what was said to those before it stays. */
  readonly more?: boolean;
  /** True where it is seen as it is about to run, which may be as part of what the agent asked for. */
  readonly running?: boolean;
  /** True where the agent's program started it by itself, such as its servers: nothing but a loss is asked about. */
  readonly own?: boolean;
  /** True where it runs as asked, wherever its project would send it. */
  readonly asAsked?: boolean;
  /** True where a person has it run as asked, this time: it is judged like any other, by its lock too. */
  readonly unrouted?: boolean;
  /** Ends when whoever asked stops waiting. */
  readonly signal: AbortSignal;
  /** True where the answer can hold a person's reason for a no. */
  readonly carriesReason?: boolean;
  /** True where the doorway runs whatever command a person puts in place of the one that was asked. */
  readonly canEdit?: boolean;
  /** Set where a person has put the act in place of another: what was asked, and the effects that it was shown with. */
  readonly edited?: { readonly asked: string; readonly effects: readonly string[] };
  /** Set where a person has chosen exactly this act, by an answer that named it: the effects that they know of. */
  readonly chosen?: readonly string[];
  /** Why a yes could not be told, where it can't: then nobody is asked. */
  readonly cannotAllow?: Problem;
  /** What a write would change; looked at only where a person is asked about it. */
  readonly preview?: () => Promise<readonly FileDiff[]>;
  /** What a write would make of what the file holds now (`changeKey`); undefined where that isn't said. */
  readonly change?: () => Promise<string | undefined>;
}

/** Stands for a change of a file, for telling whether another one is the same. Null old text means a new file. */
export function changeKey(oldText: string | null, newText: string): string {
  return createHash("sha256")
    .update(JSON.stringify([oldText, newText]))
    .digest("hex");
}

/** What a person and the record read of an act. */
export function describeAct(act: Act): string {
  switch (act.kind) {
    case "command":
      return act.line;
    case "tool":
      return act.title;
    case "read":
    case "write":
      return `${act.kind} ${act.path}`;
  }
}

/** A file's act from its description; null where it describes something else. */
export function fileAct(description: string): Act | null {
  const [, kind, path] = /^(read|write) (\/.*)$/s.exec(description) ?? [];
  return path === undefined ? null : { kind: kind === "read" ? "read" : "write", path };
}
