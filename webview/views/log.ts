import * as l10n from "@vscode/l10n";
import { html, render, type TemplateResult } from "lit/html.js";
import type { LogFilter } from "../../extension/panel/protocol.ts";
import { kindWord } from "../text/words.ts";
import { icon } from "./bits.ts";

/** Milliseconds after the last key before the log is searched: a pause in typing. */
const SEARCH_AFTER_MS = 150;

type Kind = LogFilter["kinds"][number];
type Verdict = LogFilter["verdicts"][number];

const KINDS: readonly Kind[] = ["command", "edit", "read", "tool"];
const VERDICTS: readonly Verdict[] = ["allow", "ask", "deny"];

function verdictName(verdict: Verdict): string {
  switch (verdict) {
    case "allow":
      return l10n.t("Let through");
    case "ask":
      return l10n.t("Asked");
    case "deny":
      return l10n.t("Refused");
  }
}

/** Filters the log by text, by kind and by what was decided. */
export class LogFilterBar {
  readonly element = document.createElement("div");
  readonly #onFilter: (filter: LogFilter) => void;
  #filter: LogFilter = { kinds: [], verdicts: [], text: "" };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onFilter: (filter: LogFilter) => void) {
    this.#onFilter = onFilter;
    this.element.className = "log-filter";
    this.element.setAttribute("role", "search");
    this.element.setAttribute("aria-label", l10n.t("Filter the log"));
    this.#draw();
  }

  get active(): boolean {
    const { kinds, verdicts, text } = this.#filter;
    return kinds.length > 0 || verdicts.length > 0 || text.trim() !== "";
  }

  #draw(): void {
    render(
      html`<label class="search"
          >${icon("search")}<input
            type="search"
            maxlength="500"
            placeholder=${l10n.t("Search commands, files, rules")}
            aria-label=${l10n.t("Search commands, files, rules")}
            @input=${(event: Event) => this.#search((event.target as HTMLInputElement).value)}
        /></label>
        ${select(
          l10n.t("Kind"),
          l10n.t("All kinds"),
          KINDS.map((kind) => [kind, kindWord(kind)]),
          (kind) => this.#set({ kinds: KINDS.filter((one) => one === kind) }),
        )}
        ${select(
          l10n.t("Decision"),
          l10n.t("All decisions"),
          VERDICTS.map((verdict) => [verdict, verdictName(verdict)]),
          (verdict) => this.#set({ verdicts: VERDICTS.filter((one) => one === verdict) }),
        )}`,
      this.element,
    );
  }

  #search(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#set({ text }), SEARCH_AFTER_MS);
  }

  #set(change: Partial<LogFilter>): void {
    this.#filter = { ...this.#filter, ...change };
    this.#onFilter(this.#filter);
  }
}

function select(
  label: string,
  all: string,
  choices: readonly (readonly [value: string, name: string])[],
  chosen: (value: string) => void,
): TemplateResult {
  return html`<span class="select"
    ><select
      aria-label=${label}
      @change=${(event: Event) => chosen((event.target as HTMLSelectElement).value)}
    >
      <option value="">${all}</option>
      ${choices.map(([value, name]) => html`<option value=${value}>${name}</option>`)}</select
    >${icon("chevron-down")}</span
  >`;
}
