import { isRunning, startOf } from "./lock.ts";

/** The process that something belongs to. Numbers are given anew: when it began tells two of one number apart. */
export interface Holder {
  readonly pid: number;
  /** In the system's own ticks; null where the system doesn't say. */
  readonly started: string | null;
}

export async function thisProcess(): Promise<Holder> {
  return { pid: process.pid, started: await startOf(process.pid) };
}

export async function isAlive({ pid, started }: Holder): Promise<boolean> {
  const now = await startOf(pid);
  return now === null ? isRunning(pid) : now === started;
}
