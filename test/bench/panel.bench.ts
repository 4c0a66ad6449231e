import type { EventBody } from "../../extension/events/event.ts";
import { launchBrowser } from "../harness/browser.ts";
import { measure, type Arrival, type Cost } from "../webview/replay.ts";
import { IDLE_MS, measureIdle, measureRows, MOST_ROWS } from "../webview/rest.ts";

/** What the project promises for the largest size: milliseconds of the renderer's main thread. */
const PROMISED_MS = 500;
/**
 * Limits of patterns that are harder than the promise: ten seconds long, each frame with new blocks or new calls. They
 * are shares of a core: a tenth for 240 blocks of Markdown a second, a quarter for 120 calls a second, twice each.
 */
const BLOCKS_MS = 1_000;
const CALLS_MS = 2_500;
/** A run of n times the size may cost this much more than n times the CPU before it counts as growing faster. */
const LINEAR_SLACK = 1.6;
/** Costs below this are too small to judge their growth by, in milliseconds. */
const NOISE_MS = 100;
/**
 * Layouts that a run may cost beside one for each patch: what has scrolled far away is put to rest in large pieces, and
 * each piece costs one or two.
 */
const LAYOUT_SLACK = 30;

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
          title: index % 3 === 0 ? `/projects/sample/src/file${index}.ts` : `npm run task-${index}`,
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

interface Case {
  readonly name: string;
  readonly make: (size: number) => Arrival[];
  readonly most: number;
  /** Whether each frame may cost one layout only. */
  readonly oneLayout: boolean;
}
const message = (name: string, make: Case["make"], most = PROMISED_MS): Case => ({
  name,
  make,
  most,
  oneLayout: true,
});
const log = (name: string, make: Case["make"], most = PROMISED_MS): Case => ({
  name,
  make,
  most,
  oneLayout: false,
});

const CASES: readonly Case[] = [
  message("message at once, one paragraph", stream(prose, atOnce)),
  message("message at once, lines", stream(lines, atOnce)),
  message("message at once, mixed Markdown", stream(mixed, atOnce)),
  message("2 chunks a frame, one paragraph", stream(prose, twoAFrame)),
  message("2 chunks a frame, paragraphs", stream(paragraphs, twoAFrame)),
  message("2 chunks a frame, lines", stream(lines, twoAFrame)),
  message("2 chunks a frame, one code block", stream(code, twoAFrame)),
  message("2 chunks a frame, one list", stream(list, twoAFrame), BLOCKS_MS),
  message("2 chunks a frame, mixed Markdown", stream(mixed, twoAFrame), BLOCKS_MS),
  log("calls and updates at once", calls(atOnce)),
  log("calls and updates, 2 a frame", calls(twoAFrame), CALLS_MS),
];

const only = process.env["BENCH_ONLY"];
const browser = await launchBrowser();
let failed = false;
const report = (line: string, complaint: string): void => {
  failed ||= complaint !== "";
  console.log(`${line}  ${complaint}`.trimEnd());
};
console.log(
  `${"renderer CPU".padEnd(36)}${SIZES.map((size) => String(size).padStart(9)).join("")}  layouts  patches`,
);
for (const one of CASES.filter(({ name }) => only === undefined || name.includes(only))) {
  const costs: Cost[] = [];
  for (const size of SIZES) costs.push(await measure(browser, one.make(size)));
  const last = costs.at(-1) as Cost;
  const times = costs.map((cost) => `${cost.cpu.toFixed(0)} ms`.padStart(9)).join("");
  report(
    `${one.name.padEnd(36)}${times}${String(last.layouts).padStart(9)}${String(last.messages).padStart(9)}`,
    judge(one, costs),
  );
}
if (only === undefined || only === "rows") {
  const idle = await measureIdle(browser);
  report(
    `idle for ${IDLE_MS / 1_000} s: ${idle.cpu.toFixed(1)} ms, ${idle.layouts} layouts, ${idle.frames} frames`,
    idle.layouts + idle.frames > 0 ? "something runs while nothing changes" : "",
  );
  const rows = await measureRows(browser);
  report(
    `${rows.total} rows: shown after ${rows.shownMs.toFixed(0)} ms; ${rows.back} rows back at ${rows.perRowMs.toFixed(2)} ms ` +
      `each; at most ${rows.most} rows in the document`,
    rows.most > MOST_ROWS ? `more than ${MOST_ROWS} rows` : "",
  );
}
await browser.close();
if (failed) process.exitCode = 1;

function judge({ most, oneLayout }: Case, costs: readonly Cost[]): string {
  const [small, , large] = costs as [Cost, Cost, Cost];
  const complaints: string[] = [];
  if (large.cpu > most) complaints.push(`over ${most} ms`);
  const growth = (SIZES[2] / SIZES[0]) * LINEAR_SLACK;
  if (large.cpu > NOISE_MS && large.cpu > small.cpu * growth) complaints.push("grows faster than its size");
  if (oneLayout && large.layouts > large.messages + LAYOUT_SLACK)
    complaints.push("more than one layout a frame");
  return complaints.join(", ");
}
