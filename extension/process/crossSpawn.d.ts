declare module "cross-spawn" {
  import type { ChildProcess, SpawnOptions } from "node:child_process";

  /** `spawn` of `node:child_process`, which on Windows finds `npm.cmd` and quotes for it as well. */
  export default function spawn(command: string, args: string[], options: SpawnOptions): ChildProcess;
}
