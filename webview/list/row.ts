import type { Row } from "../../extension/panel/protocol.ts";
import type { Entry } from "../window.ts";
import { callRow } from "./call.ts";
import { messageRow } from "./message.ts";
import type { RowContext, RowView } from "./view.ts";
import { noticeRow, thoughtRow, turnRow, userRow } from "./plain.ts";

export function makeRow(entry: Entry, context: RowContext): RowView {
  const view = make(entry.row.type, context);
  view.element.setAttribute("role", "article");
  view.element.tabIndex = -1;
  view.element.dataset["index"] = String(entry.index);
  view.element.className = `row row-${entry.row.type}`;
  view.update(entry, context);
  return view;
}

function make(type: Row["type"], context: RowContext): RowView {
  switch (type) {
    case "user":
      return userRow();
    case "agent":
      return messageRow();
    case "thought":
      return thoughtRow(context);
    case "call":
      return callRow(context);
    case "turn":
      return turnRow();
    case "notice":
      return noticeRow(context);
  }
}
