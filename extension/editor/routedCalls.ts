import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type CallRow, isRouted } from "../panel/protocol.ts";
import type { Entry, SessionBook } from "./book.ts";
import { plainLabel, plainMessage } from "./labels.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { RuleDrafts } from "./ruleDrafts.ts";
import { runPick } from "./runPick.ts";
import { readSettings } from "./settings.ts";
import { fileUri } from "./folders.ts";
import type { Texts } from "./texts.ts";

interface RoutedParts {
  readonly app: LazyApp;
  readonly book: SessionBook;
  readonly texts: Texts;
  readonly drafts: RuleDrafts;
}

/** What a person can do about a call that ran elsewhere than it was asked. */
type Action = "runAsAsked" | "dontRoute" | "why";

/** Routed calls that the palette lists: the newest. */
const LISTED = 50;

/** Answers to the routes of calls, from their rows and from the palette. */
export class RoutedCalls {
  readonly #parts: RoutedParts;

  constructor(parts: RoutedParts) {
    this.#parts = parts;
  }

  /** From a row. */
  async act(action: Action, entry: Entry | undefined, row: string): Promise<void> {
    const call = entry?.conversation.callOf(row);
    if (entry === undefined || call === undefined) return;
    if (action === "runAsAsked") await runAsAsked(entry, call);
    else if (action === "dontRoute") await this.#dontRoute(entry, call);
    else await this.#why(entry, row, call);
  }

  /** From the palette: the only routed call of the shown session at once, of several the one that is chosen. */
  async choose(action: Action): Promise<void> {
    const { shown } = this.#parts.book;
    const calls = shown === undefined ? [] : routedCalls(shown);
    const [only, ...others] = calls;
    if (only === undefined) {
      void vscode.window.showInformationMessage(l10n.t("No command of this session was routed."));
    } else if (others.length === 0) await this.act(action, shown, only.id);
    else {
      await runPick({
        title: TITLES[action](),
        placeholder: l10n.t("Which command?"),
        items: calls.map(({ id, call }) => ({
          label: plainLabel(call.asked ?? call.title),
          description: plainLabel(call.run === call.asked ? (call.reason ?? "") : `→ ${call.run ?? ""}`),
          run: () => this.act(action, shown, id),
        })),
      });
    }
  }

  /** Shows the rule by which commands like this one are no longer routed in their project. */
  async #dontRoute(entry: Entry, call: string): Promise<void> {
    const { drafts } = this.#parts;
    const found = await this.#whereTo(entry, call);
    if (found === undefined) return;
    const { routing, foreign } = found.where;
    const words = routing.sent[0] ?? foreign?.words;
    const { unroutedRule } = await import("../policy/draftRoute.ts");
    const rule = words === undefined ? null : unroutedRule(words, entry.root);
    if (rule === null) {
      const text = l10n.t("By now this command would run as asked, so there is no rule to write.");
      void vscode.window.showInformationMessage(text);
    } else await drafts.openRoute(entry, call, rule);
  }

  /** Which evidence and which row of the table sent it there; told as it was, and as it would be now. */
  async #why(entry: Entry, row: string, call: string): Promise<void> {
    const found = await this.#whereTo(entry, call);
    if (found === undefined) return;
    const { evidenceText, routeText, rowText } = await import("../cli/route.ts");
    const { line, cwd, where } = found;
    const was = callRow(entry, row);
    const run = was?.wouldRun ?? was?.run;
    const rule = was?.routeRule ?? was?.rule;
    const same = (where.routing.route?.to ?? line) === run;
    const parts = [
      [`$ ${line}`, ...(run === undefined || run === line ? [] : [`→ ${run}`]), l10n.t("in {0}", cwd)],
      [was?.routeReason ?? was?.reason ?? "", rule === undefined ? "" : rowText(rule)],
      same
        ? [l10n.t("What says so:"), evidenceText(where)]
        : [l10n.t("It would be different now:"), routeText(line, where)],
    ];
    const text = parts.map((lines) => lines.filter((each) => each !== "").join("\n")).join("\n\n");
    await this.#parts.texts.open("route.txt", `${text}\n`);
  }

  async #whereTo(entry: Entry, call: string) {
    const asked = entry.conversation.commandOf(call);
    if (asked === undefined) return undefined;
    const { line, cwd } = asked;
    const app = await this.#parts.app.load();
    const { parseShell } = await import("../shell/parse.ts");
    const { swap } = readSettings(fileUri(entry.root));
    return { line, cwd, where: await app.whereTo(parseShell(line, { cwd }), cwd, entry.root, swap) };
  }
}

const TITLES: Readonly<Record<Action, () => string>> = {
  runAsAsked: () => l10n.t("Run as asked, this time"),
  dontRoute: () => l10n.t("Don't route this here"),
  why: () => l10n.t("Why this route?"),
};

async function runAsAsked({ session }: Entry, call: string): Promise<void> {
  const done = await session?.again.asAsked(call);
  if (done === undefined || done.ok) return;
  void vscode.window.showWarningMessage(plainMessage(`${done.error.message} ${done.error.next}`));
}

function routedCalls({ conversation: { rows } }: Entry): { readonly id: string; readonly call: CallRow }[] {
  const found: { readonly id: string; readonly call: CallRow }[] = [];
  for (const index of rows.calls.toReversed()) {
    const row = rows.at(index);
    if (row?.type === "call" && isRouted(row.call)) found.push(row);
    if (found.length === LISTED) break;
  }
  return found;
}

function callRow({ conversation: { rows } }: Entry, id: string): CallRow | undefined {
  const index = rows.indexOf(id);
  const row = index === undefined ? undefined : rows.at(index);
  return row?.type === "call" ? row.call : undefined;
}
