import * as l10n from "@vscode/l10n";
import { html, type TemplateResult } from "lit/html.js";
import { count } from "../text/format.ts";
import type { Mark } from "../text/words.ts";

/** A codicon. It is decoration: the word beside it, or the label around it, says the same. */
export function icon(name: string): TemplateResult {
  return html`<i class="codicon codicon-${name}" aria-hidden="true"></i>`;
}

/** A sentence of ours, in which what stands between backticks is code. Nothing else is marked up. */
export function sentence(text: string): (string | TemplateResult)[] {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A state: its icon, and its word. */
export function mark({ icon: name, word, tone }: Mark): TemplateResult {
  return html`<span class="mark tone-${tone}">${icon(name)}<span>${word}</span></span>`;
}

/** A path that is cut in its middle where it does not fit: the file's name is what one looks for. */
export function path(full: string): TemplateResult {
  const cut = full.lastIndexOf("/") + 1;
  return html`<span class="path" title=${full}
    ><span class="path-head">${full.slice(0, cut)}</span
    ><span class="path-tail">${full.slice(cut)}</span></span
  >`;
}

interface Changed {
  readonly added: number;
  readonly removed: number;
  readonly coarse?: true | undefined;
}

/** Lines added and removed. The signs say what the colours say. Counts that are only bounds are not shown. */
export function lines({ added, removed, coarse }: Changed): TemplateResult {
  if (coarse) {
    return html`<span class="quiet" title=${l10n.t("Too large to compare line by line")}
      >${l10n.t("large change")}</span
    >`;
  }
  return html`<span class="lines-changed"
    ><span class="added">+${count(added)}</span> <span class="removed">−${count(removed)}</span></span
  >`;
}
