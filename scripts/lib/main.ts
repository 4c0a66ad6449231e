import { printFailure } from "../boot/stop.mjs";

/** Runs a task to its end; a failure is printed for a person and becomes the exit status. */
export async function main(task: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await task()) ?? 0;
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}
