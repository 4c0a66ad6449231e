import * as l10n from "@vscode/l10n";
import { nothing, render } from "lit/html.js";
import type { HostMessage, LogFilter } from "../extension/panel/protocol.ts";
import { Announcer } from "./announce.ts";
import type { Api } from "./api.ts";
import { type App, CLOSED_CARD, newUi, type Region, type Tab } from "./app.ts";
import { keepChordsUntyped } from "./chord.ts";
import { Clock } from "./clock.ts";
import { Frame } from "./frame.ts";
import { AnswerGuard, DEAD_MS } from "./guard.ts";
import { PointerHold } from "./hold.ts";
import { RowList } from "./list/list.ts";
import { newsOf } from "./news.ts";
import { Pager } from "./pager.ts";
import { focusRegion, moveByKeys } from "./regions.ts";
import { Keeper, type Saved } from "./saved.ts";
import { buildSkeleton, type Skeleton } from "./skeleton.ts";
import { EndSeen, MoreBelow } from "./seen.ts";
import { Store } from "./store.ts";
import { answerDrawn, approvalView, shownApproval, stayAt } from "./views/approvals.ts";
import { bannersView } from "./views/banners.ts";
import { emptyConversation, emptyLog } from "./views/empty.ts";
import { endView } from "./views/end.ts";
import { gatesView } from "./views/gates.ts";
import { headerView } from "./views/header.ts";
import { LogFilterBar } from "./views/log.ts";
import { placeView } from "./views/places.ts";
import { planView } from "./views/plan.ts";
import { projectsView, showProjects } from "./views/projects.ts";
import { Prompt } from "./views/prompt.ts";
import { belowView, tabsView } from "./views/tabs.ts";
import { RowWindow } from "./window.ts";

/** A timer may fire a little early: a frame later the time is surely over. */
const FRAME_MS = 16;

/** What stands above a list: it must not move what is read. */
const PINNED: readonly Region[] = ["approvals", "banners", "gates", "projects", "plan"];

type Snapshot = Extract<HostMessage, { type: "snapshot" }>;

/** The page: joins the store, the parts of the document and VS Code. Everything is drawn in one frame, by its parts. */
export class Page implements App {
  readonly store = new Store();
  readonly guard = new AnswerGuard();
  readonly ui = newUi();
  readonly #api: Api;
  readonly #parts: Skeleton;
  readonly #announcer: Announcer;
  readonly #clock: Clock;
  readonly #frame = new Frame({ read: () => this.#read(), write: () => this.#write() });
  readonly #hold: PointerHold;
  readonly #keeper: Keeper;
  readonly #pager: Pager;
  readonly #prompt: Prompt;
  readonly #list: RowList;
  readonly #logList: RowList;
  readonly #filter: LogFilterBar;
  readonly #endSeen = new EndSeen((card) => {
    if (card === this.ui.read) return;
    this.ui.read = card;
    this.redraw("approvals");
  });
  readonly #moreBelow = new MoreBelow();
  readonly #dirty = new Set<Region>();
  /** The approval that was drawn last. */
  #drawn: string | undefined;
  #scrolls = false;

  constructor(root: HTMLElement, api: Api) {
    this.#api = api;
    this.#parts = buildSkeleton(root);
    this.#announcer = new Announcer(root);
    this.#clock = new Clock(root);
    this.#hold = new PointerHold(root);
    this.#keeper = new Keeper(api);
    this.#pager = new Pager((intent) => this.post(intent));
    this.#prompt = new Prompt(this, {
      drafted: () => this.#keepSoon(),
      // Who asks wants to see the answer, wherever they were reading.
      sent: () => this.#toEnd(this.#list, this.store.conversation),
    });
    this.#list = this.#makeList(false);
    this.#logList = this.#makeList(true);
    this.#filter = new LogFilterBar((filter) => this.#search(filter));
    this.#parts.stage.prepend(this.#list.scroller);
    this.#parts.logStage.prepend(this.#logList.scroller);
    this.#parts.log.prepend(this.#filter.element);
    this.#listenToKeys(root);
  }

  post(intent: Parameters<Api["post"]>[0]): void {
    this.#api.post(intent);
  }

  redraw(...regions: Region[]): void {
    for (const region of regions) this.#dirty.add(region);
    this.#frame.request();
  }

  focusPrompt(): void {
    focusRegion(this.store.place === "session" ? this.#parts.foot : this.#parts.place);
  }

  receive(message: HostMessage): void {
    switch (message.type) {
      case "snapshot":
        return this.#snapshot(message);
      case "patch":
        return this.#patch(message);
      case "range": {
        const answered = this.#pager.answer(message);
        if (answered?.purpose === "end") this.#listOf(answered.window).showEnd();
        if (answered?.purpose === "start") this.#listOf(answered.window).showStart();
        return this.redraw("rows", "log");
      }
      case "details":
        this.store.keepDetails(message);
        for (const window of [this.store.conversation, this.store.log]) {
          const entry = window.byId(message.row);
          if (entry !== undefined) window.touch(entry.index);
        }
        return this.redraw("rows", "log");
      case "show":
        return this.#show(message.what);
      case "answer":
        return answerDrawn(this.#parts.approvals, message.choice);
    }
  }

  #snapshot(message: Snapshot): void {
    const before = this.store.header?.session;
    const anchor = this.#list.anchor;
    this.#pager.forget();
    const parts = this.store.apply(message);
    if (parts === "gap") return;
    const session = this.store.header?.session;
    if (session !== before) this.#restore(session);
    else if (anchor !== undefined) this.#goTo(anchor);
    if (this.ui.tab === "log") this.#pager.end(this.store.log);
    this.redraw(...parts, "tabs", "prompt");
  }

  #patch(message: Extract<HostMessage, { type: "patch" }>): void {
    const news = newsOf(message.ops, this.store);
    const parts = this.store.apply(message);
    if (parts === "gap") return this.post({ type: "ready" });
    this.#redrawFor(parts);
    if (news.now.length > 0) this.#announcer.now(news.now.join(". "));
    if (news.later.length > 0) this.#announcer.later(news.later.join(". "));
  }

  /** Rows alone may wait for the next ones; anything else is drawn at once, with them. */
  #redrawFor(parts: ReadonlySet<Region>): void {
    for (const part of parts) this.#dirty.add(part);
    if ([...parts].every((part) => part === "rows" || part === "log")) this.#frame.requestRows();
    else this.#frame.request();
  }

  /** What a person had left in this session: the draft, the tab, what was open, where they read. */
  #restore(session: string | undefined): void {
    const kept = session === undefined ? undefined : this.#keeper.restore(session);
    this.ui.opened.clear();
    for (const [row, open] of kept?.opened ?? []) this.ui.opened.set(row, open);
    this.ui.tab = kept?.tab ?? "conversation";
    this.ui.approval = undefined;
    this.store.logOpen = this.ui.tab === "log";
    this.#prompt.set(kept?.draft ?? "");
    if (kept?.anchor === undefined) this.#list.showEnd();
    else this.#goTo(kept.anchor);
  }

  #goTo(anchor: NonNullable<Saved["anchor"]>): void {
    this.#list.restore(anchor);
    if (this.store.conversation.find(anchor.index) === undefined) {
      this.#pager.around(this.store.conversation, anchor.index);
    }
  }

  #show(what: Extract<HostMessage, { type: "show" }>["what"]): void {
    if (what === "prompt") this.focusPrompt();
    else if (what === "approvals") focusRegion(this.#parts.approvals);
    else if (what === "projects") showProjects(this);
    else {
      this.#showTab(what);
      focusRegion(what === "log" ? this.#parts.log : this.#parts.conversation);
    }
  }

  #showTab(tab: Tab): void {
    if (tab === this.ui.tab) return;
    this.ui.tab = tab;
    if (tab === "log" && !this.store.logOpen) {
      this.store.logOpen = true;
      this.#pager.end(this.store.log);
    }
    this.#keepSoon();
    this.redraw("tabs", "rows", "log");
  }

  #search(filter: LogFilter): void {
    this.store.log = new RowWindow(filter);
    this.#pager.end(this.store.log);
    this.redraw("log");
  }

  #read(): void {
    // A list that scrolls keeps its rows in place by itself when a card appears above it.
    if (this.#dirty.has("approvals")) this.#scrolls = this.#list.scrolls;
    const pin = PINNED.some((region) => this.#dirty.has(region));
    this.#list.read(this.store.conversation, pin);
    this.#logList.read(this.store.log, pin);
  }

  #write(): void {
    const { store, ui } = this;
    const parts = this.#parts;
    const dirty = new Set(this.#dirty);
    this.#dirty.clear();
    if (dirty.has("place") || dirty.has("projects")) this.#drawPlace();
    if (store.place !== "session") return;
    if (dirty.has("header") || dirty.has("approvals")) render(headerView(this), parts.header);
    if (dirty.has("banners")) render(bannersView(this), parts.banners);
    if (dirty.has("approvals")) this.#drawApprovals();
    if (dirty.has("gates")) render(gatesView(this), parts.gates);
    if (dirty.has("projects")) render(projectsView(this), parts.projects);
    if (dirty.has("plan") || dirty.has("header")) render(planView(this), parts.plan);
    if (dirty.has("tabs")) this.#drawTabs();
    if (dirty.has("header") || dirty.has("prompt")) this.#drawFoot();
    if (dirty.has("rows") || dirty.has("header") || dirty.has("commands")) {
      render(
        emptyConversation(this, (draft) => this.#begin(draft)),
        parts.empty,
      );
    }
    if (dirty.has("rows") && ui.tab === "conversation") this.#list.write(store.conversation);
    if (dirty.has("log") && ui.tab === "log") {
      render(emptyLog(this, this.#filter.active), parts.logEmpty);
      this.#logList.write(store.log);
    }
    if (dirty.has("rows") || dirty.has("log")) this.#drawBelow();
    this.#clock.update();
  }

  #drawPlace(): void {
    const { place } = this.store;
    this.#parts.session.hidden = place !== "session";
    this.#parts.place.hidden = place === "session";
    render(place === undefined || place === "session" ? nothing : placeView(this, place), this.#parts.place);
  }

  #drawTabs(): void {
    const { tab } = this.ui;
    this.#parts.conversation.hidden = tab !== "conversation";
    this.#parts.log.hidden = tab !== "log";
    render(
      tabsView(tab, (chosen) => this.#showTab(chosen)),
      this.#parts.tabs,
    );
  }

  /** A card that appears or changes is dead for a moment, and waits for a pointer that aims at what it would move. */
  #drawApprovals(): void {
    const { approvals, banners, gates, projects, tabs, stage, plan } = this.#parts;
    const focused = approvals.contains(document.activeElement);
    if (focused || approvals.matches(":hover")) stayAt(this, this.#drawn);
    const card = shownApproval(this);
    const now = performance.now();
    const below = [banners, gates, projects, tabs, plan, ...(this.#scrolls ? [] : [stage])];
    const wait = card !== undefined && approvals.childElementCount === 0 ? this.#hold.wait(below, now) : 0;
    if (wait > 0) {
      setTimeout(() => this.redraw("approvals"), wait);
      return;
    }
    if (this.guard.shows(JSON.stringify(card ?? ""), now)) {
      Object.assign(this.ui, CLOSED_CARD);
      if (card !== undefined) setTimeout(() => this.redraw("approvals"), DEAD_MS + FRAME_MS);
    }
    const had = approvals.querySelector("textarea") !== null;
    render(approvalView(this, now), approvals);
    this.#drawn = card?.id;
    this.#endSeen.watch(approvals, card?.id);
    this.#moreBelow.watch(approvals);
    const box = approvals.querySelector("textarea");
    if (!had && focused) box?.focus();
    approvals.classList.toggle("some", card !== undefined);
    this.#parts.session.classList.toggle("asking", card !== undefined);
    if (focused && !approvals.contains(document.activeElement) && !focusRegion(approvals)) this.focusPrompt();
  }

  #drawFoot(): void {
    const { foot } = this.#parts;
    const { header } = this.store;
    if (header === undefined) return;
    const over = header.state === "ended" || header.state === "crashed";
    const focused = foot.contains(document.activeElement);
    if (over || header.terminal === true) {
      this.#prompt.element.remove();
      render(endView(this, header), foot);
    } else {
      if (!foot.contains(this.#prompt.element)) {
        render(nothing, foot);
        foot.append(this.#prompt.element);
      }
      this.#prompt.draw();
    }
    if (focused && !foot.contains(document.activeElement)) this.focusPrompt();
  }

  #drawBelow(): void {
    for (const [list, window, place] of [
      [this.#list, this.store.conversation, this.#parts.below],
      [this.#logList, this.store.log, this.#parts.logBelow],
    ] as const) {
      const shown = !list.atBottom && window.entries.length > 0;
      render(shown ? belowView(list.news, () => this.#toEnd(list, window)) : nothing, place);
    }
  }

  #toEnd(list: RowList, window: RowWindow): void {
    if (window.tail) list.showEnd();
    else this.#pager.end(window);
    this.redraw("rows", "log");
  }

  #begin(draft: string): void {
    this.#prompt.set(draft);
    this.#prompt.focus();
  }

  #makeList(log: boolean): RowList {
    const window = (): RowWindow => (log ? this.store.log : this.store.conversation);
    const region = log ? "log" : "rows";
    return new RowList({
      label: log ? l10n.t("Tool calls") : l10n.t("Messages and tool calls"),
      context: {
        app: this,
        log,
        touch: (index) => {
          this.store.conversation.touch(index);
          this.store.log.touch(index);
          this.#keepSoon();
          this.redraw("rows", "log");
        },
      },
      onNear: (direction) => this.#pager[direction](window()),
      onPlace: () => {
        this.#keepSoon();
        this.redraw(region);
      },
      onEnds: (end) => this.#toEdge(log ? this.#logList : this.#list, window(), end),
    });
  }

  /** Home and End go to the very first and the very last row, wherever the window is. */
  #toEdge(list: RowList, window: RowWindow, edge: "start" | "end"): void {
    const inWindow = edge === "start" ? !window.older : window.tail;
    if (!inWindow) return this.#pager[edge](window);
    if (edge === "end") list.showEnd();
    else list.showStart();
    list.focusRow(edge === "start" ? window.entries[0]?.index : window.entries.at(-1)?.index);
  }

  #listOf(window: RowWindow): RowList {
    return window === this.store.log ? this.#logList : this.#list;
  }

  #keepSoon(): void {
    this.#keeper.keepSoon(() => this.#saved());
  }

  #saved(): Saved | undefined {
    const session = this.store.header?.session;
    if (session === undefined) return undefined;
    const { anchor } = this.#list;
    const { draft, tab, opened } = this.ui;
    return { session, draft, tab, opened: [...opened], ...(anchor === undefined ? {} : { anchor }) };
  }

  #listenToKeys(root: HTMLElement): void {
    moveByKeys(root, () => this.focusPrompt());
    keepChordsUntyped(root);
    root.addEventListener("keydown", (event) => this.guard.keyDown(event.code, performance.now()), true);
    root.addEventListener("keyup", (event) => this.guard.keyUp(event.code), true);
    addEventListener("blur", () => this.guard.lostKeys());
    addEventListener("pagehide", () => this.#keeper.keep(this.#saved()));
    root.addEventListener("click", (event) => this.#followLink(event));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#followLink(event);
    });
  }

  /** A link of a message: the host is asked, nothing is followed here. */
  #followLink(event: Event): void {
    const href = (event.target as HTMLElement).closest<HTMLElement>("a[data-href]")?.dataset["href"];
    if (href === undefined) return;
    event.preventDefault();
    this.post({ type: "openLink", href });
  }
}
