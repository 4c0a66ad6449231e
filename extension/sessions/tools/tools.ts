import type { OwnTool } from "../../doorways/mcp/ownTools.ts";
import type { Tool } from "../../doorways/mcp/tool.ts";
import { type Baseline, checkTools } from "./checks.ts";
import { addTool, removeTool, syncTool } from "./dependencies.ts";
import { formatTool } from "./format.ts";
import type { ToolParts } from "./parts.ts";
import { explainTool, gatesTool, pointsTool } from "./reads.ts";
import { runTool } from "./run.ts";
import { testTool } from "./test.ts";

/** The tools that an agent is offered: by all names that its reports are known by, and no other. */
export function sessionTools(
  parts: ToolParts,
  baseline: Baseline,
): readonly (Tool & { readonly name: OwnTool })[] {
  return [
    runTool(parts),
    testTool(parts),
    ...checkTools(parts, baseline),
    formatTool(parts),
    addTool(parts),
    removeTool(parts),
    syncTool(parts),
    gatesTool(parts),
    pointsTool(parts),
    explainTool(parts),
  ];
}
