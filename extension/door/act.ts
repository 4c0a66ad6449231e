import type { Doorway } from "../audit/record.ts";

/** What reaches the machine through a doorway. Paths and folders are absolute. */
export type Act =
  | {
      readonly kind: "command";
      /** The line as a shell would read it: what people see, and what is recorded. */
      readonly line: string;
      /** Program and arguments where no shell is involved; null where the line is handed to one. */
      readonly argv: readonly string[] | null;
      readonly cwd: string;
      /** Variables that the agent sets for it. */
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: "read"; readonly path: string }
  | { readonly kind: "write"; readonly path: string }
  /** A tool of the agent's own whose effects can't be told from what it says. */
  | { readonly kind: "tool"; readonly title: string };

export interface DoorRequest {
  readonly doorway: Doorway;
  readonly act: Act;
  /** The agent's own id of the tool call, where the doorway carries one. */
  readonly toolCallId?: string;
  /** Ends when whoever asked stops waiting. */
  readonly signal: AbortSignal;
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
