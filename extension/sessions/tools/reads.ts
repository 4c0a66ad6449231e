import { maybe, text } from "../../doorways/mcp/fields.ts";
import { tool } from "../../doorways/mcp/tool.ts";
import type { Loss } from "../../guard/loss.ts";
import { reasonText } from "../../restore/points/texts.ts";
import { folder, type ToolParts } from "./parts.ts";

/** Points of a session that are named: the newest say where work can be brought back to. */
const MAX_POINTS = 20;

export const gatesTool = ({ trees }: ToolParts) =>
  tool({
    name: "gates",
    description: "How the project's checks stand now: lint, types and tests. Runs nothing.",
    readOnly: true,
    runs: false,
    input: {},
    async call() {
      const reports = trees.gates.reports();
      const lines = reports.map(({ gate, state, findings, passed, tools, detail }) =>
        [
          `${gate}: ${state}`,
          ...(state === "passed" || state === "failed"
            ? [`${findings} ${gate === "tests" ? "failed" : "findings"}`]
            : []),
          ...(passed === undefined ? [] : [`${passed} passed`]),
          ...tools,
          ...(detail === undefined ? [] : [detail]),
        ].join(" · "),
      );
      const data = reports.map(({ gate, state, findings, passed = null, detail = null }) => {
        return { gate, state, findings, passed, detail };
      });
      return { text: [...lines, "For findings: lint, typecheck, test"].join("\n"), data: { gates: data } };
    },
  });

export const pointsTool = ({ points }: ToolParts) =>
  tool({
    name: "restore_points",
    description:
      "The restore points of this session, newest first. Bringing one back is the person's to do: tell them which.",
    readOnly: true,
    runs: false,
    input: {},
    async call() {
      const all = (await points()).toReversed();
      const shown = all.slice(0, MAX_POINTS).map((point) => {
        const { changed, untracked, ignored, gone } = point.counts;
        return {
          id: point.id,
          time: new Date(point.time).toISOString(),
          why: reasonText(point),
          files: changed + untracked + ignored + gone,
        };
      });
      const lines = shown.map(({ id, time, why, files }) => `${id} ${time} ${why} (${files} files)`);
      const left = all.length - shown.length;
      return {
        text: [
          lines.length === 0 ? "No restore points in this session yet." : lines.join("\n"),
          ...(left > 0 ? [`… ${left} older ones`] : []),
          ...(lines.length > 0 ? ["What one holds: interlock restore show ID"] : []),
        ].join("\n"),
        data: { points: shown, older: left },
      };
    },
  });

export const explainTool = ({ place, consider }: ToolParts) =>
  tool({
    name: "policy_explain",
    description:
      "What would become of a command: allowed, asked or refused, by which rule, what would be lost, and what would run. Does nothing.",
    readOnly: true,
    runs: false,
    input: {
      command: text("A line of shell."),
      cwd: maybe(text("Folder that it would run in.")),
    },
    async call({ command, cwd }, { signal }) {
      const act = { kind: "command", line: command, argv: null, cwd: folder(place, cwd), env: {} } as const;
      const { judgement, route } = await consider(act, signal);
      const { verdict, rule, reason, layer, remedy, loss, effects } = judgement;
      const instead = verdict === "allow" ? null : remedy;
      const lines = [
        `${verdict} · ${rule} · ${reason}`,
        ...(layer === "built-in" ? [] : [`by the policy: ${layer}`]),
        ...(loss === null || verdict === "allow" ? [] : [`would be lost: ${lossText(loss)}`]),
        ...(route === null ? [] : [`would run: ${route.to} (${route.reason})`]),
        ...(instead === null ? [] : [`instead: ${instead}`]),
      ];
      return {
        text: lines.join("\n"),
        data: { verdict, rule, reason, layer, effects, route: route?.to ?? null, instead },
      };
    },
  });

function lossText({ files, fileCount, commits, stashes, complete }: Loss): string {
  const named = files.slice(0, 5).map(({ path }) => path);
  const left = fileCount - named.length;
  return [
    ...(fileCount > 0 ? [`${named.join(", ")}${left > 0 ? ` and ${left} more files` : ""}`] : []),
    ...(commits > 0 ? [`${commits} commits`] : []),
    ...(stashes > 0 ? [`${stashes} stash entries`] : []),
    ...(complete ? [] : ["maybe more"]),
  ].join(", ");
}
