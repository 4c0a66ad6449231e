import * as l10n from "@vscode/l10n";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { visible, type ProjectCard, type ProjectTool } from "../../extension/panel/protocol.ts";
import type { App } from "../app.ts";
import { count, megabytes } from "../text/format.ts";
import {
  languageName,
  lockMark,
  lockSentence,
  offerWord,
  ownerName,
  toolName,
  toolSource,
} from "../text/projectWords.ts";
import { icon, mark, path, sentence } from "./bits.ts";

/** Projects with a line of their own; of a monorepo the others wait behind a count. */
const FEW = 2;
/** What is wrong is shown rather than what is not locked, and that rather than what is well. */
const ORDER = { bad: 0, warn: 1, quiet: 2, plain: 3, good: 3, busy: 3 } as const;
/** Tools that only run or install: the line names those that check. */
const GROUND: ReadonlySet<string> = new Set(["python", "uv", "node", "bun"]);

/**
 * The projects of the window, a line each: language, owner, lock and checkers. A line opens to what says so, to each tool, and
 * to what can be done.
 */
export function projectsView(app: App): TemplateResult | typeof nothing {
  const { projects } = app.store;
  if (projects.length === 0) return nothing;
  const worst = new Set(
    [...projects].sort((one, other) => ORDER[lockMark(one).tone] - ORDER[lockMark(other).tone]).slice(0, FEW),
  );
  const many = projects.length > FEW + 1;
  // A line keeps its place whatever becomes of it.
  const shown = projects.filter(
    (card) => !many || app.ui.allProjects || worst.has(card) || app.ui.projects.has(card.id),
  );
  const flip = (): void => {
    app.ui.allProjects = !app.ui.allProjects;
    app.redraw("projects");
  };
  return html`<ul class="project-list" aria-label=${l10n.t("Projects")}>
    ${shown.map((card) => html`<li class="project">${projectView(app, card)}</li>`)}
    ${
      many && (app.ui.allProjects || shown.length < projects.length)
        ? html`<li>
            <button class="project-rest quiet" aria-expanded=${app.ui.allProjects} @click=${flip}>
              ${icon(app.ui.allProjects ? "chevron-up" : "ellipsis")}${
                app.ui.allProjects
                  ? l10n.t("Fewer projects")
                  : l10n.t("{0} more projects", count(projects.length - shown.length))
              }
            </button>
          </li>`
        : nothing
    }
  </ul>`;
}

/** Opens them where they are few, and goes there once they are drawn. */
export function showProjects(app: App): void {
  const { projects } = app.store;
  if (projects.length <= FEW) for (const { id } of projects) app.ui.projects.add(id);
  app.redraw("projects");
  requestAnimationFrame(() => {
    const lines = [...document.querySelectorAll<HTMLElement>(".project-line")];
    lines.find((line) => line.checkVisibility())?.focus();
  });
}

function projectView(app: App, card: ProjectCard): TemplateResult {
  const open = app.ui.projects.has(card.id);
  const flip = (): void => {
    if (open) app.ui.projects.delete(card.id);
    else app.ui.projects.add(card.id);
    app.redraw("projects");
  };
  const owner = ownerName(card);
  const checkers = card.tools.filter(({ tool, state }) => state !== "missing" && !GROUND.has(tool));
  return html`<button class="project-line" aria-expanded=${open} @click=${flip}>
      ${icon(open ? "chevron-down" : "chevron-right")}${
        card.where === undefined
          ? nothing
          : html`<span class="project-where">${path(visible(card.where))}</span>`
      }<span class="project-language">${languageName(card)}</span>${
        owner === ""
          ? nothing
          : html`<span class="project-dot" aria-hidden="true">·</span
              ><span class="project-owner">${owner}</span>`
      }${mark(lockMark(card))}${
        open || checkers.length === 0
          ? nothing
          : html`<span class="project-tools quiet">${checkers.map(toolName).join(", ")}</span>`
      }
    </button>
    ${open ? projectBody(app, card) : nothing}`;
}

function projectBody(app: App, card: ProjectCard): TemplateResult {
  const offer = offerWord(card);
  return html`<div class="project-body">
    <p>${sentence(lockSentence(card))}</p>
    ${
      offer === undefined
        ? nothing
        : html`<button class="button" @click=${() => app.post({ type: "projectOffer", project: card.id })}>
            ${offer}
          </button>`
    }
    <dl class="facts">
      ${
        card.tools.length === 0
          ? nothing
          : html`<dt>${l10n.t("Tools")}</dt>
              <dd>
                <ul>
                  ${card.tools.map((tool) => toolView(app, card, tool))}
                </ul>
              </dd>`
      }
      ${swapsView(app, card)}
      <dt>${l10n.t("What says so")}</dt>
      <dd>
        <ul>
          ${card.evidence.map((_, at) => html`<li>${evidence(app, card, at)}</li>`)}
        </ul>
      </dd>
      ${
        card.environment === undefined
          ? nothing
          : html`<dt>${l10n.t("Environment")}</dt>
              <dd>${path(visible(card.environment))}</dd>`
      }
    </dl>
  </div>`;
}

/** What a person said of other programs here, each of it to be taken back. */
function swapsView(app: App, { id, swaps, noSwaps }: ProjectCard): TemplateResult | typeof nothing {
  if (swaps.length === 0 && !noSwaps) return nothing;
  const said = (words: string, rule: string | null): TemplateResult =>
    html`<li>
      ${words}
      <button class="link" @click=${() => app.post({ type: "revokeSwap", project: id, rule })}>
        ${l10n.t("Ask again")}
      </button>
    </li>`;
  const accepted = swaps.map(({ rule, tool, by }) =>
    said(l10n.t("{0} answers for {1}", visible(by), visible(tool)), rule),
  );
  return html`<dt>${l10n.t("Other programs")}</dt>
    <dd>
      <ul>
        ${noSwaps ? said(l10n.t("None answers here"), null) : accepted}
      </ul>
    </dd>`;
}

function evidence(app: App, card: ProjectCard, item: number): TemplateResult {
  const { what = "", path: file = "", proves } = card.evidence[item] ?? {};
  return html`<button
      class="link"
      title=${visible(file)}
      @click=${() => app.post({ type: "openEvidence", project: card.id, item })}
    >
      ${visible(what)}</button
    >${
      proves === undefined
        ? nothing
        : html` <span class="quiet">${l10n.t("proves {0}", visible(proves))}</span>`
    }`;
}

function toolView(app: App, card: ProjectCard, tool: ProjectTool): TemplateResult {
  const ok = tool.state === "ok";
  const { bytes } = tool;
  return html`<li class="project-tool" title=${tool.purpose}>
    <span class=${ok ? "tone-good" : "tone-warn"}>${icon(ok ? "check" : "warning")}</span>
    <span
      >${toolName(tool)} <span class="quiet">${toolSource(tool)}</span>${
        tool.next === "" ? nothing : html`<br /><span class="quiet">${sentence(tool.next)}</span>`
      }${
        bytes === undefined
          ? nothing
          : html`<br /><button
                class="link"
                @click=${() => app.post({ type: "getTool", project: card.id, tool: tool.tool })}
              >
                ${l10n.t("Get {0} ({1})…", tool.tool, megabytes(bytes))}
              </button>`
      }</span
    >
  </li>`;
}
