import assert from "node:assert/strict";
import { test } from "node:test";

import { Baseline } from "../../extension/sessions/tools/checks.ts";
import type { ToolParts } from "../../extension/sessions/tools/parts.ts";
import { sessionTools } from "../../extension/sessions/tools/tools.ts";
import { manifest, text } from "./manifest.ts";

/** What is asked of a tool here is its declaration: nothing of a session is read. */
const parts = { place: {}, trees: {} } as unknown as ToolParts;

test("package.json declares Interlock's own tools for the editor's chat as sessions have them", () => {
  const declared = manifest.contributes.languageModelTools.map(({ name, modelDescription, inputSchema }) => {
    return { name, description: modelDescription, input: inputSchema };
  });
  const known = sessionTools(parts, new Baseline(parts.trees)).map(({ name, description, input }) => {
    return { name: `interlock_${name}`, description, input };
  });
  assert.deepEqual(declared, known);
});

test("each has a name for people, and one to call it by in a prompt", () => {
  const { languageModelTools: tools } = manifest.contributes;
  for (const { displayName } of tools) assert.notEqual(text(displayName), "");
  const names = tools.map(({ toolReferenceName }) => toolReferenceName);
  assert.deepEqual(
    [new Set(names).size, names.filter((name) => !/^interlock[A-Z]\w+$/.test(name))],
    [tools.length, []],
  );
});

test("tools and server are offered where the setting has them, in a folder that is trusted", () => {
  const { languageModelTools, mcpServerDefinitionProviders } = manifest.contributes;
  for (const { when } of [...languageModelTools, ...mcpServerDefinitionProviders])
    assert.equal(when, "config.interlock.guard.mcp && workspaceFolderCount > 0 && isWorkspaceTrusted");
});
