import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import type { Banner } from "../panel/protocol.ts";
import type { Entry } from "./book.ts";
import { boundBanners } from "./bounds.ts";
import { guardBanner } from "./guardOff.ts";
import { policyBanners } from "./policyBanner.ts";
import type { PolicyEdits } from "./policyEdits.ts";

/**
 * What a person must know of all the time: a guard that is off, a policy that isn't in force, settings that can't be used, a
 * record that can't be written. Nothing before
 * the app was needed.
 */
export function readBanners(
  app: App | undefined,
  shown: Entry | undefined,
  edits: PolicyEdits,
): readonly Banner[] {
  if (app === undefined) return [];
  const banners: Banner[] = app.agents().problems.map((problem, index) => ({
    id: `agents-${index}`,
    level: "warning",
    problem,
    action: { id: "open-agents", label: l10n.t("Open setting") },
  }));
  banners.unshift(...guardBanner(shown), ...boundBanners(shown), ...policyBanners(app, shown?.root, edits));
  const place = app.places.all().find(({ root }) => root === shown?.root);
  const audit = place?.audit.state;
  if (audit !== undefined && !audit.writable) {
    const removed = audit.problem.code === "audit.removed";
    const label = removed ? l10n.t("Create it again") : l10n.t("Try again");
    banners.unshift({
      id: "audit",
      level: "error",
      problem: audit.problem,
      action: { id: "open-audit", label },
    });
  }
  return banners;
}
