import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { analyse } from "../../extension/guard/analyse.ts";
import { judge } from "../../extension/guard/judge.ts";
import type { Surroundings } from "../../extension/guard/places.ts";
import { parseShell } from "../../extension/shell/parse.ts";
import { DIST } from "../../scripts/lib/paths.ts";
import { figures as heldOf, PARTS } from "../restore/support/corpora.ts";
import { pristine } from "../restore/support/sandbox.ts";
import { tryAll } from "../restore/support/tried.ts";
import commands from "./commands.json" with { type: "json" };

/** Verdicts on commands of agents by their text alone: no two lines that are measured are the same. */
const ROUNDS = 60;
const WARM_UP_ROUNDS = 60;
/** The other one is slower, and so is starting a process. */
const PEER_ROUNDS = 4;
const PROCESSES = 16;
const GOALS_US = { p50: 50, p95: 300 };

const CWD = "/home/me/project";
const AROUND: Surroundings = { roots: [CWD], home: "/home/me", temporary: ["/tmp"] };
const NOTHING_KNOWN = new Map();

type Judge = (command: string) => unknown;
type Holds = (command: string, cwd: string) => boolean;

function interlock(command: string): unknown {
  const script = parseShell(command, { cwd: CWD, home: "/home/me" });
  return judge(analyse(script, AROUND), NOTHING_KNOWN, "careful");
}

/** The commands with another number in each round. */
function* lines(from: number, rounds: number): Generator<string> {
  for (let round = from; round < from + rounds; round++)
    for (const command of commands) yield command.replaceAll("%", String(round + 1));
}

/** Microseconds of each verdict, sorted. */
function measure(decide: Judge, warmUp: number, rounds: number): Float64Array {
  for (const line of lines(rounds, warmUp)) decide(line);
  const measured = [...lines(0, rounds)];
  const times = new Float64Array(measured.length);
  globalThis.gc?.();
  for (const [index, line] of measured.entries()) {
    const started = process.hrtime.bigint();
    decide(line);
    times[index] = Number(process.hrtime.bigint() - started) / 1_000;
  }
  return times.sort();
}

interface Figures {
  readonly p50: number;
  readonly p95: number;
  readonly mean: number;
}

function figures(times: Float64Array): Figures {
  const at = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), mean: times.reduce((sum, each) => sum + each, 0) / times.length };
}

function print(name: string, { p50, p95, mean }: Figures): void {
  const columns = [p50, p95, mean].map((each) => each.toFixed(1).padStart(10));
  console.log(
    `${name.padEnd(34)}${columns.join("")}${Math.round(1e6 / mean)
      .toLocaleString("en")
      .padStart(12)}`,
  );
}

/** What the best known guard of this kind takes for the same commands, in this process. */
async function peer(): Promise<{ decide: Judge; holds: Holds; hook: string } | undefined> {
  try {
    const { checkCommand } = await import("cc-safety-net/api");
    const folder = dirname(createRequire(import.meta.url).resolve("cc-safety-net/package.json"));
    const decide = (command: string): unknown => checkCommand({ command, cwd: process.cwd() });
    const holds: Holds = (command, cwd) => checkCommand({ command, cwd }).kind === "deny";
    return { decide, holds, hook: join(folder, "dist", "bin", "cc-safety-net.js") };
  } catch {
    return undefined;
  }
}

/** Recall and false alarms of both, on lines that were run to know what they lose: each judged where it would run. */
async function printHeld(holds: Holds): Promise<void> {
  const own = [];
  for (const part of PARTS) own.push({ part, lines: await tryAll(part.corpus, () => false) });
  const theirs = own.map(({ part, lines }) => ({
    part,
    lines: lines.map((each) => {
      const { sandbox, state } = pristine(each.state);
      return { ...each, verdict: holds(each.line, join(sandbox, state.cwd)) ? "deny" : "allow" };
    }),
  }));
  const [ours, other] = [own, theirs].map((tried) => heldOf(tried).split("\n"));
  console.log(`\n${"".padEnd(34)}${"Interlock".padEnd(24)}cc-safety-net`);
  for (const [row, line] of (ours ?? []).entries()) {
    const [what = "", held = ""] = line.split(": ");
    console.log(`${what.padEnd(34)}${held.padEnd(24)}${other?.[row]?.split(": ")[1] ?? ""}`);
  }
}

/** The same with a process for each command, its start included: `interlock check`, and the other one as agents start it. */
function measureProcesses(start: (command: string) => { args: string[]; input: string }): Float64Array {
  const some = commands.filter((_, index) => index % Math.ceil(commands.length / PROCESSES) === 0);
  return Float64Array.from(some, (command) => {
    const { args, input } = start(command);
    const started = performance.now();
    spawnSync(process.execPath, args, { input });
    return (performance.now() - started) * 1_000;
  }).sort();
}

console.log(`Verdicts without facts, µs (${commands.length} commands, ${ROUNDS} rounds, no line twice)\n`);
console.log(
  `${"".padEnd(34)}${["p50", "p95", "mean"].map((each) => each.padStart(10)).join("")}${"per second".padStart(12)}`,
);
const own = figures(measure(interlock, WARM_UP_ROUNDS, ROUNDS));
print(`Interlock (goal ${GOALS_US.p50} / ${GOALS_US.p95})`, own);
const ownProcess = measureProcesses((command) => ({
  args: [join(DIST, "cli.js"), "check", "--", command],
  input: "",
}));
print("Interlock, a process each", figures(ownProcess));
const other = await peer();
if (other === undefined) console.log("\ncc-safety-net is not installed: nothing to compare with.");
else {
  const inProcess = figures(measure(other.decide, 1, PEER_ROUNDS));
  const hook = measureProcesses((command) => ({
    args: [other.hook, "hook", "--claude-code"],
    input: JSON.stringify({
      hook_event_name: "PreToolUse",
      tool_name: "Bash",
      tool_input: { command },
      cwd: process.cwd(),
    }),
  }));
  print("cc-safety-net, in this process", inProcess);
  print("cc-safety-net, a process each", figures(hook));
  const [p50, p95] = [inProcess.p50 / own.p50, inProcess.p95 / own.p95].map((each) => each.toFixed(0));
  console.log(`\nIn this process cc-safety-net takes ${p50} times as long at p50, ${p95} times at p95.`);
  console.log("Both answer from the text; `interlock check` asks git, too, where the text alone can't tell.");
  await printHeld(other.holds);
}
// The helper by which git was started for the judged lines ends with this process, and would keep it.
process.exit(own.p50 > GOALS_US.p50 || own.p95 > GOALS_US.p95 ? 1 : 0);
