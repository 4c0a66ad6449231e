import { setTimeout as sleep } from "node:timers/promises";

/** What an agent says may come this much later than what it does, on a busy machine. */
const TELLS_WITHIN_MS = 300;

/** Whether something holds now, or comes to within the time that an agent takes to tell. `listeners`: called at each change. */
export async function comes(listeners: Set<() => void>, holds: () => boolean): Promise<boolean> {
  if (holds()) return true;
  let stop = (): void => {};
  const come = new Promise<true>((resolve) => {
    const look = (): void => {
      if (holds()) resolve(true);
    };
    listeners.add(look);
    stop = () => listeners.delete(look);
  });
  const came = await Promise.race([come, sleep(TELLS_WITHIN_MS, false as const, { ref: false })]);
  stop();
  return came;
}
