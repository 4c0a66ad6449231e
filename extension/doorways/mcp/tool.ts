import type * as z from "zod/mini";
import type { AskedCommand } from "../terminal/commands.ts";
import { type Arguments, type Fields, reader, schemaOf } from "./fields.ts";

/** How a program that a tool starts is run. */
export interface ToolRun {
  /** Where it goes as asked, wherever its project would send it: a program that was chosen for the project already. */
  readonly asAsked?: boolean;
  /** Milliseconds until it is ended. */
  readonly timeoutMs?: number;
  /** Bytes of output that are kept. */
  readonly limit?: number;
  readonly environment?: Readonly<Record<string, string | null>>;
  /** Told of each piece of output. A command whose output is read by a program is not shown piece by piece. */
  readonly onChunk?: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

/** What came of a command. */
export interface Ran {
  /** Its call, and the turn that it belongs to. */
  readonly call: string;
  readonly turn: number;
  /** The line that ran, where that is another one than was asked and the agent is told of it. */
  readonly instead: string | null;
  /** What the agent reads of that before all else, beginning with `interlock:`; empty where there is nothing to say. */
  readonly notice: string;
  /** Null after a signal. */
  readonly exit: number | null;
  readonly signal: string | null;
  /** The end of what it wrote, stdout and stderr as they came. */
  readonly output: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
  /** A person ended it. */
  readonly stopped: boolean;
  /** Milliseconds. */
  readonly ms: number;
}

/** What a tool has at hand while it is called. */
export interface ToolUse {
  /** Aborts when the agent cancels the call, or is gone. */
  readonly signal: AbortSignal;
  /** Asks the door, runs what it lets through, and waits for its end. Throws an `InterlockError` that says why not. */
  readonly run: (command: AskedCommand, options?: ToolRun) => Promise<Ran>;
}

/** What the agent reads of a call: the same as text and as data. */
export interface ToolAnswer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** True where the call did not do what was asked; a program that says no is no failure of the call. */
  readonly failed?: boolean;
}

/** One of Interlock's own tools. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of what it takes. */
  readonly input: object;
  /** True for what changes nothing. */
  readonly readOnly: boolean;
  /** True for what starts programs. */
  readonly runs: boolean;
  readonly call: (args: unknown, use: ToolUse) => Promise<ToolAnswer>;
}

interface ToolSpec<Name extends string, Each extends Fields> extends Omit<Tool, "name" | "input" | "call"> {
  readonly name: Name;
  readonly input: Each;
  readonly call: (args: Arguments<Each>, use: ToolUse) => Promise<ToolAnswer>;
}

/** A tool whose arguments are read before it sees them. What doesn't fit is an answer that says what does. */
export function tool<Name extends string, Each extends Fields>(
  spec: ToolSpec<Name, Each>,
): Tool & { readonly name: Name } {
  const arguments_ = reader(spec.input);
  return {
    ...spec,
    input: schemaOf(spec.input),
    async call(args, use) {
      const read = arguments_.safeParse(args);
      return read.success ? spec.call(read.data, use) : badInput(spec.name, read.error);
    },
  };
}

function badInput(name: string, { issues }: z.core.$ZodError): ToolAnswer {
  const says = issues.map(
    ({ path, message }) => `${path.length === 0 ? "" : `${path.join(".")}: `}${message}`,
  );
  return {
    text: `interlock: ${name} was not called, its arguments don't fit: ${says.join("; ")}`,
    data: { error: "input", problems: says },
    failed: true,
  };
}
