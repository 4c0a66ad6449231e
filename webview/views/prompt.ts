import * as l10n from "@vscode/l10n";
import { html, render, type TemplateResult } from "lit/html.js";
import { visibleProse, type Header } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { icon } from "./bits.ts";
import { Choices } from "./choices.ts";

/** The key code of a key that an input method still works on; some tell it by nothing else. */
const COMPOSING_KEY = 229;

/** What the page does when a person typed, and when a prompt was handed to the host. */
interface PromptEvents {
  drafted(): void;
  sent(): void;
}

/** The prompt: grows with its text, sends by Enter, stops the agent while it works. */
export class Prompt {
  readonly element = document.createElement("div");
  readonly #app: App;
  readonly #box = document.createElement("textarea");
  readonly #actions = document.createElement("div");
  readonly #says = document.createElement("p");
  readonly #choices: Choices;
  readonly #events: PromptEvents;
  #hint: string | undefined;

  constructor(app: App, events: PromptEvents) {
    this.#app = app;
    this.#events = events;
    this.element.className = "prompt";
    this.#box.rows = 1;
    this.#box.dataset["entry"] = "";
    this.#actions.className = "prompt-actions";
    this.#choices = new Choices(this.#box, () => this.#typed());
    this.#says.className = "quiet prompt-hint";
    this.#says.setAttribute("role", "status");
    this.element.append(this.#choices.element, this.#box, this.#actions, this.#says);
    this.#box.addEventListener("input", () => {
      this.#typed();
      this.#choices.update(app.store.commands);
    });
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("blur", () => this.#choices.close());
  }

  focus(): void {
    this.#box.focus();
  }

  /** Puts a draft into the box: after a reload, or an example that was chosen. */
  set(draft: string): void {
    this.#box.value = draft;
    this.#typed();
    this.#box.setSelectionRange(draft.length, draft.length);
  }

  draw(): void {
    const { header } = this.#app.store;
    if (header === undefined) return;
    this.#box.placeholder = placeholder(header);
    this.#box.setAttribute("aria-label", l10n.t("Message to {0}", visibleProse(header.agent)));
    if (header.state === "ready" && header.held === undefined) this.#hint = undefined;
    render(this.#buttons(header), this.#actions);
    this.#says.textContent = this.#hint ?? "";
  }

  #typed(): void {
    this.#app.ui.draft = this.#box.value;
    this.#hint = undefined;
    this.#events.drafted();
    this.draw();
  }

  #key(event: KeyboardEvent): void {
    // Enter that ends a composition belongs to the input method.
    if (event.isComposing || event.keyCode === COMPOSING_KEY) return;
    if (this.#choices.key(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (!event.repeat) this.#send();
    }
  }

  #send(): void {
    const text = this.#box.value.trim();
    const { header } = this.#app.store;
    if (text === "" || header === undefined) return;
    if (header.state === "ready" && header.held !== undefined) {
      this.#hint = l10n.t("{0} Your text stays here.", header.held.message);
      this.draw();
      return;
    }
    if (header.state !== "ready") {
      this.#hint =
        header.state === "starting"
          ? l10n.t("Not ready yet. Your text stays here.")
          : l10n.t("Still working. Stop it, or wait: your text stays here.");
      this.draw();
      return;
    }
    this.#choices.close();
    this.#app.post({ type: "prompt", text });
    this.set("");
    this.#events.sent();
  }

  #buttons({ state, held }: Header): TemplateResult {
    if (state === "working" || state === "cancelling") {
      const stopping = state === "cancelling";
      const stop = (): void => {
        if (!stopping) this.#app.post({ type: "stop" });
      };
      return html`<button class="button stop" aria-disabled=${stopping} @click=${stop}>
        ${icon("debug-stop")}${stopping ? l10n.t("Stopping…") : l10n.t("Stop")}
      </button>`;
    }
    const label = l10n.t("Send");
    return html`<button
      class="tool send"
      title=${label}
      aria-label=${label}
      aria-disabled=${state !== "ready" || held !== undefined || this.#app.ui.draft.trim() === ""}
      @click=${() => this.#send()}
    >
      ${icon("send")}
    </button>`;
  }
}

function placeholder({ state, held }: Header): string {
  if (state === "ready" && held !== undefined) return visibleProse(held.message);
  if (state === "working" || state === "cancelling") return l10n.t("Write what comes next…");
  return l10n.t("Ask, or / for commands");
}
