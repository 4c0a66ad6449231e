import type { ActReport } from "../../extension/verify/report.ts";
import { pointedHome } from "../../extension/verify/home.ts";
import { AGENTS, agentProgram } from "../../scripts/lib/agents.ts";
import { ALLOWING } from "../harness/realAgents.ts";
import { bench } from "../verify/support.ts";
import { campaign } from "./support.ts";

/** Each real agent is verified, in a clean home and in one of a person who has allowed everything. Arguments: ids, to verify those alone. */
const only = process.argv.slice(2);
const toldOf = ({ act, outcome, doorways, ok }: ActReport): string =>
  `${ok ? "" : "**"}${act}: ${outcome} (${doorways.join(", ")})${ok ? "" : "**"}`;

await campaign(async ({ owner }) => {
  for (const id of AGENTS.filter((each) => only.length === 0 || only.includes(each))) {
    const { command, args } = await agentProgram(id);
    const { files } = pointedHome(id, "http://127.0.0.1:9", ALLOWING[id]);
    const { verify } = await bench(owner, [{ id, name: id, command, args, profile: id }], files);
    const { code, report } = await verify(id, "--json").ended;
    const { program, homes } = report();
    for (const { home, acts, problem, ms } of homes) {
      const problems = problem === null ? "" : ` ${problem.message}`;
      const seconds = Math.round(ms / 1_000);
      console.log(
        `- ${id} ${program?.version ?? "?"}, ${home}, ${seconds} s:${problems} ${acts.map(toldOf).join("; ")}`,
      );
    }
    if (code !== 0 || homes.length !== 2) process.exitCode = 1;
  }
});
