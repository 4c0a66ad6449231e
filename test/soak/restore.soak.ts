import { killWhileApplying, killWhileTaking } from "../restore/points/killing.ts";
import { comesBack, LOSSES, STATES } from "../restore/points/stateCases.ts";
import { campaign } from "./support.ts";

const ROUNDS = 200;

await campaign(async ({ owner, git }) => {
  const points = await killWhileTaking(owner, git, ROUNDS);
  console.log(
    `- Killed ${ROUNDS} times while it took points: ${points} were kept, all of them whole; the repository was as before.`,
  );
  const { unfinished, done, untouched } = await killWhileApplying(owner, git, ROUNDS);
  console.log(
    `- Killed ${ROUNDS} times while it applied a point: ${unfinished} interrupted, then finished or undone in turn; ${done} were done, ${untouched} not begun. No file was lost, no repository damaged.`,
  );
  let tried = 0;
  for (const [state, script] of Object.entries(STATES)) {
    for (const [loss, line] of Object.entries(LOSSES)) {
      await comesBack(owner, git, script, line).catch((error: unknown) => {
        throw new Error(`${state}, after ${loss}: ${String(error)}`);
      });
      tried += 1;
    }
  }
  console.log(
    `- ${Object.keys(STATES).length} states, each lost in ${Object.keys(LOSSES).length} ways: ${tried} of ${tried} came back.`,
  );
});
