import type { EventBody } from "../../extension/events/event.ts";
import type { Banner, Place, ProjectCard } from "../../extension/panel/protocol.ts";
import { ROOT } from "../panel/events.ts";
import { ask, askedAgain, depsAsk, fullAsk, gaveUp, lockAsk, longAsk, longLoss, ranEdited } from "./asks.ts";
import { banners, policyBanners } from "./banners.ts";
import { monorepo, stalePython, troubled } from "./projects.ts";
import { crash, gates, held, opened, running, work } from "./worked.ts";
import { commitsLoss, lost, lostAndBack } from "./losses.ts";
import { bounded, bounds, commitAsk, movedOn } from "./bounds.ts";

/** A state of the panel as a person could meet it. */
export interface State {
  readonly name: string;
  readonly events: readonly EventBody[];
  readonly place?: Exclude<Place, "session">;
  readonly banners?: readonly Banner[];
  readonly projects?: readonly ProjectCard[];
  /** What a person did there: selectors to click, in order. */
  readonly clicks?: readonly string[];
  /** Pressed once a card takes answers. */
  readonly later?: readonly string[];
  readonly type?: string;
}

export const STATES: readonly State[] = [
  { name: "welcome", events: [], place: "welcome" },
  { name: "untrusted", events: [], place: "untrusted" },
  { name: "no-workspace", events: [], place: "no-workspace" },
  {
    name: "starting",
    events: [
      { type: "session.opened", agent: { id: "codex", name: "Codex" }, cwd: ROOT },
      {
        type: "session.state",
        state: { name: "starting", waitsFor: "It is started, and asked what it can do." },
      },
    ],
  },
  { name: "ready", events: opened },
  { name: "worked", events: [...opened, ...gates, ...work] },
  { name: "working", events: [...opened, ...gates, ...work, ...running] },
  { name: "project", events: [...opened, ...gates, ...work], projects: [stalePython] },
  {
    name: "project-open",
    events: [...opened, ...gates, ...work],
    projects: [stalePython],
    clicks: [".project-line"],
  },
  { name: "projects", events: [...opened, ...gates, ...work], projects: monorepo },
  {
    name: "projects-open",
    events: [...opened, ...gates, ...work],
    projects: troubled,
    clicks: [".project-line >> nth=0", ".project-line >> nth=1", ".project-line >> nth=2"],
  },
  {
    name: "project-loss",
    events: [...opened, ...gates, ...work, ...running, held, ask("p1", "loss"), ask("p2", "change")],
    projects: monorepo,
    clicks: [".project-line >> nth=0"],
  },
  { name: "project-welcome", events: [], place: "welcome", projects: troubled },
  {
    name: "loss",
    events: [...opened, ...gates, ...work, ...running, held, ask("p1", "loss"), ask("p2", "change")],
  },
  {
    name: "loss-commits",
    events: [...opened, ...gates, ...work, ...running, held, commitsLoss],
  },
  {
    name: "loss-kept",
    events: [...opened, ...gates, ...work, ...running, held, ask("kept", "loss")],
  },
  {
    name: "loss-rest",
    events: [...opened, ...gates, ...work, ...running, held, ask("rest", "loss")],
  },
  {
    name: "loss-large",
    events: [...opened, ...gates, ...work, ...running, held, ask("large", "loss")],
  },
  {
    name: "answers",
    events: [...opened, ...gates, ...work, ...running, held, fullAsk()],
    clicks: [".more"],
  },
  {
    name: "edit",
    events: [...opened, ...gates, ...work, ...running, held, fullAsk()],
    clicks: [".more"],
    later: [".answer-line >> nth=3"],
  },
  { name: "proposed", events: [...opened, ...gates, ...work, ...running, held, fullAsk("allow")] },
  { name: "edited-again", events: [...opened, ...gates, ...work, ...running, held, askedAgain] },
  {
    name: "edited",
    events: [
      ...opened,
      ...running,
      held,
      fullAsk(),
      { type: "approval.settled", approval: "p1", settlement: { choice: "allow-once", by: "person" } },
      ranEdited,
    ],
  },
  {
    name: "reason",
    events: [...opened, ...gates, ...work, ...running, held, ask("p1", "unclear")],
    clicks: [".more", ".answer-line >> nth=0"],
  },
  { name: "long", events: [...opened, ...gates, ...work, ...running, held, longAsk] },
  { name: "long-loss", events: [...opened, ...gates, ...work, ...running, held, longLoss] },
  {
    name: "not-run",
    events: [
      ...opened,
      ...gates,
      ...work,
      ...running,
      held,
      ask("p1", "loss"),
      { type: "approval.settled", approval: "p1", settlement: { choice: "reject", by: "gave-up" } },
      gaveUp,
    ],
  },
  { name: "unclear", events: [...opened, ...gates, ...work, ...running, held, ask("p1", "unclear")] },
  { name: "change", events: [...opened, ...gates, ...work, ...running, held, ask("p1", "change")] },
  { name: "lock", events: [...opened, ...gates, ...work, ...running, held, lockAsk] },
  { name: "deps", events: [...opened, ...gates, ...work, ...running, held, depsAsk] },
  { name: "plan", events: [...opened, ...gates, ...work], clicks: [".plan-line"] },
  { name: "details", events: [...opened, ...gates, ...work], clicks: ['[data-status="failed"] .twist'] },
  { name: "log", events: [...opened, ...gates, ...work], clicks: ["#tab-log"] },
  { name: "log-empty", events: opened, clicks: ["#tab-log"] },
  { name: "choices", events: [...opened, ...gates, ...work], type: "/" },
  { name: "crashed", events: [...opened, ...gates, ...work, crash] },
  {
    name: "ended",
    events: [
      ...opened,
      ...work,
      { type: "session.state", state: { name: "ended", reason: "The session was closed." } },
    ],
  },
  {
    name: "crashed-silent",
    events: [
      ...opened,
      {
        type: "session.state",
        state: {
          name: "crashed",
          problem: {
            code: "agent.ended",
            message: "Codex stopped (exit code 9).",
            next: "Restart it. It said nothing of why.",
          },
          stderr: [],
        },
      },
    ],
  },
  { name: "banners", events: [...opened, ...gates, ...work], banners },
  { name: "policy", events: [...opened, ...gates, ...work], banners: policyBanners },
  { name: "bounded", events: [...opened, ...gates, ...work, ...bounded], banners: bounds, type: "Go on" },
  { name: "protected", events: [...opened, ...gates, ...work, ...running, held, commitAsk] },
  { name: "moved", events: [...opened, ...gates, ...work, ...running, held, commitAsk, ...movedOn] },
  { name: "lost", events: [...opened, ...gates, ...work, lost] },
  { name: "lost-back", events: [...opened, ...gates, ...work, ...lostAndBack] },
  {
    name: "terminal",
    events: [
      {
        type: "session.opened",
        agent: { id: "terminal", name: "Guarded terminal" },
        cwd: ROOT,
        terminal: true,
      },
      ...opened.slice(1, 2),
    ],
  },
];
