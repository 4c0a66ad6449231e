import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { GateChip } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { moveInBar } from "../regions.ts";
import { ago, count, duration } from "../text/format.ts";
import { findings, gateMark, gateName } from "../text/words.ts";
import { icon } from "./bits.ts";

/** Worst first: what is broken, what runs, what is not known, what is well. */
const ORDER = ["failed", "running", "unavailable", "unknown", "passed"] as const;

/** So many fit side by side into 250 px: they are not folded there. */
const FEW = 3;

/**
 * The checks of the project. A click runs one; where it failed, its count opens the findings. In a narrow panel more
 * than a few fold to the worst one and a count of the others.
 */
export function gatesView(app: App): TemplateResult | typeof nothing {
  const { gates } = app.store;
  if (gates.length === 0) return nothing;
  const worst = [...gates].sort((one, other) => rank(one) - rank(other))[0] as GateChip;
  return html`<div
    class="gate-bar ${gates.length > FEW ? "many" : "few"} ${app.ui.gatesOpen ? "unfolded" : ""}"
    role="toolbar"
    aria-label=${l10n.t("Checks")}
    @keydown=${moveInBar}
  >
    ${gates.map((chip, at) => gateChip(app, chip, chip === worst, at === 0))} ${rest(app, gates, worst)}
  </div>`;
}

function gateChip(app: App, chip: GateChip, worst: boolean, first: boolean): TemplateResult {
  const state = gateMark(chip);
  const name = gateName(chip.gate);
  const number = chip.state === "passed" && (chip.passed ?? 0) > 0 ? count(chip.passed ?? 0) : undefined;
  // Its age changes all the time; it is worked out when somebody looks.
  const explain = (event: Event): void => {
    (event.currentTarget as HTMLElement).title = explanation(chip);
  };
  return html`<span class="gate ${worst ? "worst" : ""}" data-gate=${chip.gate} data-state=${chip.state}>
    <button
      class="gate-run tone-${state.tone}"
      tabindex=${first ? 0 : -1}
      @pointerenter=${explain}
      @focus=${explain}
      @click=${() => app.post({ type: "runGate", gate: chip.gate })}
    >
      <span class="gate-name">${name}</span>${icon(state.icon)}<span class="heard">${state.word}</span>${
        number === undefined ? nothing : html`<span class="gate-count">${number}</span>`
      }
    </button>
    ${
      chip.state === "failed" && chip.findings > 0
        ? html`<button
            class="gate-findings tone-bad"
            tabindex="-1"
            aria-label=${l10n.t("{0}: show {1}", name, findings(chip.findings))}
            title=${l10n.t("{0}: show {1}", name, findings(chip.findings))}
            @click=${() => app.post({ type: "showFindings", gate: chip.gate })}
          >
            ${count(chip.findings)}
          </button>`
        : nothing
    }
  </span>`;
}

/** Stands for the gates that a narrow strip leaves out. */
function rest(app: App, gates: readonly GateChip[], worst: GateChip): TemplateResult | typeof nothing {
  if (gates.length < 2) return nothing;
  const well = gates.filter((chip) => chip !== worst && chip.state === "passed").length;
  const others = gates.length - 1;
  const word = app.ui.gatesOpen
    ? l10n.t("fold")
    : well === others
      ? l10n.t("{0} ok", well)
      : l10n.t("{0} more", others);
  const flip = (): void => {
    app.ui.gatesOpen = !app.ui.gatesOpen;
    app.redraw("gates");
  };
  return html`<button class="gate-rest quiet" tabindex="-1" aria-expanded=${app.ui.gatesOpen} @click=${flip}>
    ${word}${icon(app.ui.gatesOpen ? "chevron-up" : "chevron-down")}
  </button>`;
}

function rank(chip: GateChip): number {
  return ORDER.indexOf(chip.state);
}

/** State, age and time, for the tooltip. */
function explanation(chip: GateChip): string {
  const run = l10n.t("Click to run.");
  if (chip.detail !== undefined) return `${chip.detail} ${run}`;
  if (chip.at === 0) return `${l10n.t("Not run yet.")} ${run}`;
  const facts = [gateMark(chip).word, ago(Date.now() - chip.at), duration(chip.ms), chip.tools.join(", ")];
  return `${facts.filter((fact) => fact !== "").join(" · ")}. ${run}`;
}
