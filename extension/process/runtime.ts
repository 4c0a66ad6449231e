import { fileURLToPath } from "node:url";

export interface Runtime {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables for that child alone. */
  readonly env: Readonly<Record<string, string>>;
}

/** The helper programs that are built beside the entry points. */
export type HelperProgram = "agent" | "supervisor" | "mcp";

/**
 * How to start one of our helper programs. Decided here alone: on a desktop `process.execPath` is the editor
 * itself, which behaves as Node only when told to; in a server and in the CLI it is a Node.
 */
export function helperRuntime(program: HelperProgram, folder: string = programFolder()): Runtime {
  const env: Record<string, string> = process.versions["electron"] ? { ELECTRON_RUN_AS_NODE: "1" } : {};
  return { command: process.execPath, args: [`${folder}/${program}.js`], env };
}

/** Every built file lies in one folder, chunks included. */
function programFolder(): string {
  return fileURLToPath(new URL(".", import.meta.url)).replace(/[/\\]$/, "");
}
