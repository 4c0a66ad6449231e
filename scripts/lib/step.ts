/** Below this a step's time says nothing worth a line. */
const WORTH_TELLING_MS = 500;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Runs one step of a task, saying before what is done and afterwards how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  console.log(`• ${title} …`);
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  if (ms > WORTH_TELLING_MS) console.log(`  done in ${seconds(ms)}`);
  return result;
}
