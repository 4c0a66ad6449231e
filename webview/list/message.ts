import * as l10n from "@vscode/l10n";
import { MarkdownView } from "../markdown/view.ts";
import type { Entry } from "../window.ts";
import type { RowContext, RowView } from "./view.ts";

/** An agent's message. Its own blocks are drawn by the Markdown view, which never draws a settled one again. */
export function messageRow(): RowView {
  const element = document.createElement("article");
  const body = document.createElement("div");
  body.className = "markdown";
  element.append(body);
  const markdown = new MarkdownView(body);
  let more: HTMLButtonElement | undefined;
  return {
    type: "agent",
    element,
    update(entry: Entry, { app }: RowContext) {
      const { row } = entry;
      if (row.type !== "agent") return;
      if (!element.hasAttribute("aria-label")) {
        element.setAttribute(
          "aria-label",
          l10n.t("{0} says", app.store.header?.agent ?? l10n.t("The agent")),
        );
      }
      markdown.update(row.text);
      if (row.cut === true && more === undefined) {
        more = document.createElement("button");
        more.className = "link";
        more.tabIndex = -1;
        more.textContent = l10n.t("The rest is in an editor: open it");
        more.addEventListener("click", () => app.post({ type: "openText", row: row.id }));
        element.append(more);
      }
    },
  };
}
