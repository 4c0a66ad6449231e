import type { Loss } from "../../extension/guard/loss.ts";
import type { CallPatch, EventBody, SessionEvent } from "../../extension/events/event.ts";

/**
 * A session's events as a person can read them: a line each, with the project as `~`. What differs from run to run is
 * left out: ids, times, durations, the raw input of calls, and when which gate answered. Pieces of one message or output
 * stand together. Usage is told as it is when a turn ends, and gates as they are in the end.
 */
export function tell(events: readonly SessionEvent[], project: string): string {
  const teller = new Teller();
  for (const event of events) teller.hear(event);
  return teller.end().replaceAll(project, "~");
}

type Piece = { readonly of: string; text: string };

class Teller {
  readonly #lines: string[] = [];
  /** Text that may go on. */
  #open: Piece | undefined;
  #usage = "";
  readonly #gates = new Map<string, string>();

  hear(event: SessionEvent): void {
    if (event.type === "message") return this.#append(event.role, `${event.role} ${event.message}`, event.text);
    if (event.type === "output") return this.#append(`[${event.call}]`, `output ${event.call}`, event.text);
    if (event.type === "session.usage") {
      const { used, size, cost } = event;
      this.#usage = `usage: ${used} of ${size}${cost === undefined ? "" : `, ${cost.amount} ${cost.currency}`}`;
      return;
    }
    if (event.type === "gate") {
      const { gate, state, findings, passed } = event.report;
      const tests = passed === undefined ? "" : `, ${passed} passed`;
      if (state !== "running") this.#gates.set(gate, `gate ${gate}: ${state}, ${findings} findings${tests}`);
      return;
    }
    const line = tellOne(event);
    if (line === null) return;
    this.#close();
    if (event.type === "turn.ended") this.#tellUsage();
    this.#lines.push(line);
  }

  end(): string {
    this.#close();
    this.#tellUsage();
    this.#lines.push(...[...this.#gates.keys()].sort().map((gate) => this.#gates.get(gate) ?? ""));
    return `${this.#lines.join("\n")}\n`;
  }

  #tellUsage(): void {
    if (this.#usage !== "") this.#lines.push(this.#usage);
    this.#usage = "";
  }

  #append(label: string, of: string, text: string): void {
    if (this.#open?.of === of) this.#open.text += text;
    else {
      this.#close();
      this.#open = { of, text };
    }
    this.#label = label;
  }

  #label = "";

  #close(): void {
    if (this.#open === undefined) return;
    const mark = this.#open.of.startsWith("output") ? " | " : ": ";
    const lines = this.#open.text.replace(/\n$/, "").split("\n");
    this.#lines.push(...lines.map((line) => `${this.#label}${mark}${line}`.trimEnd()));
    this.#open = undefined;
  }
}

type Told = Exclude<EventBody, { type: "message" | "output" | "session.usage" | "gate" }>;

function tellOne(event: Told): string | null {
  switch (event.type) {
    case "session.opened":
      return `${event.agent.name} in ${event.cwd}`;
    case "session.state": {
      const { state } = event;
      if (state.name === "starting") return `state: starting (${state.waitsFor})`;
      if (state.name === "ended") return `state: ended (${state.reason})`;
      if (state.name === "crashed") return `state: crashed (${state.problem.message})`;
      return `state: ${state.name}`;
    }
    case "session.worktree":
      return `worktree: ${event.branch} in ${event.folder}`;
    case "session.held":
      return `held: ${event.problem?.message ?? "no"}`;
    case "loss.restored":
      return event.restored === null ? "undone again" : `brought back: ${event.restored.files} files`;
    case "session.inside":
      return `asks from inside:${event.shims ? " programs" : ""}${event.hook ? " hook" : ""}`;
    case "session.tools":
      return `tools: ${event.state}${event.client === undefined ? "" : ` by ${event.client}`}`;
    case "session.title":
      return `title: ${event.title}`;
    case "session.commands":
      return `commands: ${event.commands.map(({ name }) => `/${name}`).join(" ")}`;
    case "turn.started":
      return `\nturn ${event.turn}: ${event.prompt}`;
    case "turn.ended":
      return `turn ${event.turn} ended: ${event.stop}`;
    case "plan":
      return `plan: ${event.entries.map(({ text, status }) => `${PLAN[status]} ${text}`).join(", ")}`;
    case "call": {
      const told = tellPatch(event.patch);
      return told === "" ? null : `[${event.call}] ${told}`;
    }
    case "approval.opened": {
      const { call, kind, asked, reason, rule, loss, why } = event.approval;
      const because = why === undefined ? "" : ` “${why}”`;
      return `[${call}] ? ${kind}: ${asked}: ${reason} (${rule})${loss === undefined ? "" : tellLoss(loss)}${because}`;
    }
    case "approval.settled":
      return `! ${event.settlement.choice} by ${event.settlement.by}`;
    case "notice":
      return `${event.level}: ${event.problem.message} ${event.problem.next}`;
  }
}

const PLAN = { pending: "○", in_progress: "◐", completed: "●" } as const;

function tellLoss({ files, commits, stashes, revisions = [] }: Loss): string {
  const parts = files.map(({ state, path, added, removed }) => `${state} ${path} +${added ?? "?"} −${removed ?? "?"}`);
  parts.push(...revisions.map(({ kind, subject }) => `${kind} “${subject}”`));
  if (commits > 0) parts.push(`${commits} commits`);
  if (stashes > 0) parts.push(`${stashes} stashes`);
  return ` loses ${parts.join(", ")}`;
}

function tellPatch(patch: CallPatch): string {
  const { kind, title, doorways, asked, run, cwd, route, verdict, rule, reason, effects } = patch;
  const { status, answeredBy, exit, signal, diffs, problem } = patch;
  return [
    kind,
    title === undefined ? undefined : `“${title}”`,
    doorways === undefined ? undefined : `at ${doorways.join(", ")}`,
    asked === undefined ? undefined : `asked ${asked}`,
    run === undefined || run === asked ? undefined : `runs ${run}`,
    route === undefined || route === null ? undefined : `(${route.rule}: ${route.reason})`,
    cwd === undefined || cwd === "" ? undefined : `in ${cwd}`,
    verdict === undefined ? undefined : `→ ${verdict} by ${rule}: ${reason} {${effects?.join(" ")}}`,
    status,
    answeredBy === undefined || answeredBy === null ? undefined : `answered by ${answeredBy}`,
    exit === undefined || exit === null ? undefined : `exit ${exit}`,
    signal === undefined || signal === null ? undefined : signal,
    ...(diffs ?? []).map(({ path, added, removed }) => `diff ${path} +${added} −${removed}`),
    problem?.message,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}
