import type { EventBody } from "../../extension/events/event.ts";
import { launchBrowser } from "../harness/browser.ts";
import { measure, type Arrival, type Cost } from "../webview/replay.ts";

/** What docs and issues promise: milliseconds of the renderer's main thread, for the largest size. */
const MOST_CPU_MS = 500;
/** A run of n times the size may cost this much more than n times the CPU before it counts as growing faster. */
const LINEAR_SLACK = 1.6;
/** Fixed cost of a run that does not grow with it, in milliseconds: it is taken off before growth is judged. */
const FIXED_MS = 40;
/** Layouts that a run may cost beside one for each message: the first drawing, and coming to rest. */
const LAYOUT_SLACK = 8;

const SIZES = [300, 600, 1_200] as const;
const CHUNK = 50;
const FRAME_MS = 1_000 / 60;

const words =
  "The quick brown fox jumps over the lazy dog while agents write tests and people read them carefully. ";
const prose = words.repeat(700);

/** Text cut into chunks of 50 characters. */
function chunks(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => text.slice(at * CHUNK, (at + 1) * CHUNK));
}

const paragraphs = prose.replaceAll(/(.{380}\S*) /g, "$1\n\n");
const lines = prose.replaceAll(/(.{60}\S*) /g, "$1\n");
const mixed = (
  "## A heading\n\nSome **bold** text with `code` and a [link](https://example.com).\n\n" +
  "- one item\n- another *item*\n- a third\n\n```ts\nconst answer: number = 42;\nexport function f(): void {}\n```\n\n" +
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
).repeat(400);
const code = `\`\`\`ts\n${"  const value = compute(input, 42); // a line of code\n".repeat(1_500)}`;
const list = "- an item of a list that goes on and on for a while\n".repeat(1_500);

function stream(text: string, perMs: (at: number) => number) {
  return (size: number): Arrival[] =>
    chunks(text, size).map((chunk, at) => ({
      at: perMs(at),
      event: { type: "message", turn: 1, message: "m", role: "agent", text: chunk },
    }));
}

const atOnce = (): number => 0;
const twoAFrame = (at: number): number => Math.floor(at / 2) * FRAME_MS;
const oneATick = (at: number): number => at * 34;

function calls(at: (index: number) => number) {
  return (size: number): Arrival[] =>
    Array.from({ length: size }, (_, index): Arrival[] => {
      const call = `c${index}`;
      const opened: EventBody = {
        type: "call",
        turn: 1,
        call,
        patch: {
          kind: index % 3 === 0 ? "edit" : "command",
          title: index % 3 === 0 ? `/work/sample/src/file${index}.ts` : `npm run task-${index}`,
          asked: `npm run task-${index}`,
          run: `bun run task-${index}`,
          status: "running",
          doorways: ["terminal"],
          verdict: "allow",
          startedAt: 1,
        },
      };
      const ended: EventBody = { type: "call", turn: 1, call, patch: { status: "done", exit: 0, ms: 1_200 } };
      return [
        { at: at(index), event: opened },
        { at: at(index) + 1, event: ended },
      ];
    })
      .flat()
      .sort((one, other) => one.at - other.at);
}

const CASES: readonly (readonly [name: string, make: (size: number) => Arrival[]])[] = [
  ["message at once, one paragraph", stream(prose, atOnce)],
  ["message at once, lines", stream(lines, atOnce)],
  ["message at once, mixed Markdown", stream(mixed, atOnce)],
  ["2 chunks a frame, one paragraph", stream(prose, twoAFrame)],
  ["2 chunks a frame, paragraphs", stream(paragraphs, twoAFrame)],
  ["2 chunks a frame, lines", stream(lines, twoAFrame)],
  ["2 chunks a frame, mixed Markdown", stream(mixed, twoAFrame)],
  ["2 chunks a frame, one code block", stream(code, twoAFrame)],
  ["2 chunks a frame, one list", stream(list, twoAFrame)],
  ["1 chunk a tick, one paragraph", stream(prose, oneATick)],
  ["calls and updates at once", calls(atOnce)],
  ["calls and updates, 2 a frame", calls(twoAFrame)],
];

const only = process.env["BENCH_ONLY"];
const browser = await launchBrowser();
let failed = false;
console.log(
  `${"case".padEnd(36)}${SIZES.map((size) => String(size).padStart(9)).join("")}   layouts  messages`,
);
for (const [name, make] of CASES) {
  if (only !== undefined && !name.includes(only)) continue;
  const costs: Cost[] = [];
  for (const size of SIZES) costs.push(await measure(browser, make(size)));
  const complaint = judge(costs);
  failed ||= complaint !== "";
  const last = costs.at(-1) as Cost;
  const times = costs.map((cost) => `${cost.cpu.toFixed(0)} ms`.padStart(9)).join("");
  console.log(
    `${name.padEnd(36)}${times}${String(last.layouts).padStart(10)}${String(last.messages).padStart(10)}  ${complaint}`,
  );
}
await browser.close();
if (failed) process.exitCode = 1;

function judge(costs: readonly Cost[]): string {
  const [small, , large] = costs as [Cost, Cost, Cost];
  const complaints: string[] = [];
  if (large.cpu > MOST_CPU_MS) complaints.push(`over ${MOST_CPU_MS} ms`);
  const growth = (SIZES[2] / SIZES[0]) * LINEAR_SLACK;
  if (large.cpu - FIXED_MS > Math.max(1, small.cpu - FIXED_MS / 2) * growth)
    complaints.push("grows faster than its size");
  if (large.layouts > large.messages + LAYOUT_SLACK) complaints.push("more than one layout a frame");
  return complaints.join(", ");
}
