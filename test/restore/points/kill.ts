import { Git } from "../../../extension/git/run.ts";
import { Processes } from "../../../extension/process/processes.ts";
import { RestorePoints } from "../../../extension/restore/points/restorePoints.ts";

// Takes or applies points of a repository until it is killed: `kill.ts take|apply REPO STATE [POINT]`.
const [act, repo = "", state = "", point = ""] = process.argv.slice(2);
const supervisor = new URL("../../../extension/process/supervisor.ts", import.meta.url).pathname;
const processes = new Processes(process.env, { command: process.execPath, args: [supervisor], env: {} });
const points = new RestorePoints(new Git(processes), state);
process.stdout.write("ready\n");
if (act === "take") {
  for (;;) await (await points.take({ root: repo, reason: "turn" })).settled;
}
await points.apply(repo, point, { exact: true });
process.stdout.write("done\n");
await processes.dispose();
