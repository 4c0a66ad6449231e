import type {
  ApprovalCard,
  Banner,
  CommandChoice,
  GateChip,
  Header,
  HostMessage,
  LogFilter,
  Op,
  Place,
  PlanStep,
  ProjectCard,
  View,
} from "../extension/panel/protocol.ts";
import { RowWindow } from "./window.ts";

/** The parts of the page that are drawn apart from each other. */
export type Part =
  | "place"
  | "header"
  | "approvals"
  | "gates"
  | "plan"
  | "commands"
  | "banners"
  | "projects"
  | "rows"
  | "log";

const PARTS: readonly Part[] = [
  "place",
  "header",
  "approvals",
  "gates",
  "plan",
  "commands",
  "banners",
  "projects",
  "rows",
  "log",
];

const EMPTY_FILTER: LogFilter = { kinds: [], verdicts: [], text: "" };

export type Details = Extract<HostMessage, { type: "details" }>;
/** Details kept at hand; each is bounded by the protocol. */
const DETAILS_KEPT = 20;

/** What the page knows: the host's messages in, state out. No document, no clock. */
export class Store {
  /** Undefined until the first snapshot. */
  place: Place | undefined;
  header: Header | undefined;
  approvals: readonly ApprovalCard[] = [];
  gates: readonly GateChip[] = [];
  plan: readonly PlanStep[] = [];
  commands: readonly CommandChoice[] = [];
  banners: readonly Banner[] = [];
  projects: readonly ProjectCard[] = [];
  total = 0;
  conversation = new RowWindow();
  log = new RowWindow(EMPTY_FILTER);
  /** False until the log was asked for: then calls go to it too. */
  logOpen = false;
  readonly details = new Map<string, Details>();
  /** The state of each row when its details were last asked for. */
  readonly #asked = new Map<string, string>();
  #n: number | undefined;

  /** The parts that changed, or `gap` when a patch was missed and a snapshot is needed. */
  apply(message: Extract<HostMessage, { type: "snapshot" | "patch" }>): ReadonlySet<Part> | "gap" {
    if (message.type === "snapshot") {
      this.#n = message.n;
      this.#snapshot(message.view);
      return new Set(PARTS);
    }
    // Before the first snapshot, and until the next one after a gap, patches say nothing.
    if (this.#n === undefined) return new Set();
    if (message.n !== this.#n + 1) {
      this.#n = undefined;
      return "gap";
    }
    this.#n = message.n;
    const parts = new Set<Part>();
    for (const op of message.ops) this.#op(op, parts);
    return parts;
  }

  /** Whether details of a row in this state have still to be asked for; from then on they count as asked. */
  lacksDetails(row: string, state: string): boolean {
    if (this.#asked.get(row) === state) return false;
    this.#asked.set(row, state);
    return true;
  }

  keepDetails(details: Details): void {
    this.details.delete(details.row);
    this.details.set(details.row, details);
    for (const row of this.details.keys()) {
      if (this.details.size <= DETAILS_KEPT) break;
      this.details.delete(row);
      this.#asked.delete(row);
    }
  }

  #snapshot(view: View): void {
    if (view.header?.session !== this.header?.session) {
      this.details.clear();
      this.#asked.clear();
      this.log = new RowWindow(this.log.filter);
    }
    this.place = view.place;
    this.header = view.header;
    this.approvals = view.approvals;
    this.gates = view.gates;
    this.plan = view.plan;
    this.commands = view.commands;
    this.banners = view.banners;
    this.projects = view.projects;
    this.total = view.total;
    const entries = view.rows.map((row, offset) => ({ index: view.first + offset, row }));
    this.conversation.reset(entries, view.first > 0);
  }

  #op(op: Op, parts: Set<Part>): void {
    switch (op.op) {
      case "header":
        this.header = op.header;
        break;
      case "approvals":
        this.approvals = op.approvals;
        break;
      case "gates":
        this.gates = op.gates;
        break;
      case "plan":
        this.plan = op.plan;
        break;
      case "commands":
        this.commands = op.commands;
        break;
      case "banners":
        this.banners = op.banners;
        break;
      case "projects":
        this.projects = op.projects;
        break;
      default:
        if (op.op === "row") this.total = Math.max(this.total, op.index + 1);
        this.conversation.apply(op);
        if (this.logOpen) {
          this.log.apply(op);
          parts.add("log");
        }
        parts.add("rows");
        return;
    }
    parts.add(op.op);
  }
}
