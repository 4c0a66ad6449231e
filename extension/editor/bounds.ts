import * as l10n from "@vscode/l10n";
import type { Banner } from "../panel/protocol.ts";
import type { Entry } from "./book.ts";

/** What holds for the shown session as long as it lasts: the hosts that are open to it, and the limit that it has reached. */
export function boundBanners(shown: Entry | undefined): readonly Banner[] {
  if (shown?.session === undefined) return [];
  const { environment, held, state } = shown.conversation.header;
  if (state === "ended") return [];
  const banners: Banner[] = [];
  if (held !== undefined) {
    const action = { id: "go-on", label: l10n.t("Go on, for this session") };
    banners.push({ id: "held", level: "warning", problem: held, action });
  }
  if (environment !== undefined) {
    banners.push({
      id: "environment",
      level: "warning",
      problem: {
        code: "environment",
        message: l10n.t("Started for {0}: commands may name its hosts unasked.", environment),
        next: programsUnseen(),
      },
    });
  }
  return banners;
}

export function programsUnseen(): string {
  return l10n.t("Calls that programs make by themselves are not seen.");
}
