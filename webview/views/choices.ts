import * as l10n from "@vscode/l10n";
import { html, render, type TemplateResult } from "lit/html.js";
import { visibleProse, type CommandChoice } from "../../extension/panel/protocol.ts";
import { choicesFor, complete } from "../completion.ts";

const optionId = (at: number): string => `choice-${at}`;

/** The list of slash commands over a text box: a combobox as the ARIA practices describe it. */
export class Choices {
  readonly element = document.createElement("div");
  readonly #box: HTMLTextAreaElement;
  readonly #accepted: () => void;
  #choices: CommandChoice[] = [];
  #active = 0;

  constructor(box: HTMLTextAreaElement, accepted: () => void) {
    this.#box = box;
    this.#accepted = accepted;
    this.element.id = "choices";
    this.element.className = "choices";
    this.element.hidden = true;
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", l10n.t("Commands"));
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", this.element.id);
  }

  get open(): boolean {
    return this.#choices.length > 0;
  }

  /** Follows what was typed. */
  update(commands: readonly CommandChoice[]): void {
    this.#choices = choicesFor(commands, this.#box.value, this.#box.selectionStart);
    this.#active = 0;
    this.#draw();
  }

  close(): void {
    this.#choices = [];
    this.#draw();
  }

  /** True when the key was meant for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.open || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    const choice = this.#choices[this.#active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#active = (this.#active + step + this.#choices.length) % this.#choices.length;
      this.#draw();
    } else if (event.key === "Escape") this.close();
    else if ((event.key === "Tab" || event.key === "Enter") && choice !== undefined) {
      // What is typed in full is sent as it is.
      if (event.key === "Enter" && this.#box.value.trim() === `/${choice.name}`) return false;
      this.#accept(choice);
    } else return false;
    return true;
  }

  #accept(choice: CommandChoice): void {
    const { draft, caret } = complete(choice, this.#box.value, this.#box.selectionStart);
    this.#box.value = draft;
    this.#box.setSelectionRange(caret, caret);
    this.close();
    this.#accepted();
  }

  #draw(): void {
    render(
      this.#choices.map((choice, at) => this.#option(choice, at)),
      this.element,
    );
    this.element.hidden = !this.open;
    this.#box.setAttribute("aria-expanded", String(this.open));
    if (this.open) this.#box.setAttribute("aria-activedescendant", optionId(this.#active));
    else this.#box.removeAttribute("aria-activedescendant");
    this.element.querySelector(`#${optionId(this.#active)}`)?.scrollIntoView({ block: "nearest" });
  }

  #option(choice: CommandChoice, at: number): TemplateResult {
    // On press, not on click: the text box must not lose the keyboard.
    const pressed = (event: Event): void => {
      event.preventDefault();
      this.#accept(choice);
    };
    return html`<div
      class="choice"
      id=${optionId(at)}
      role="option"
      aria-selected=${at === this.#active}
      @pointerdown=${pressed}
    >
      <span class="choice-call"
        ><span class="choice-name">/${visibleProse(choice.name)}</span>
        <span class="quiet choice-hint">${visibleProse(choice.hint ?? "")}</span></span
      >
      <span class="quiet choice-about">${visibleProse(choice.description)}</span>
    </div>`;
  }
}
