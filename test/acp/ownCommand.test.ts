import assert from "node:assert/strict";
import { test } from "node:test";

import { readOwnCommand } from "../../extension/acp/ownCommand.ts";

function words(line: string, platform: NodeJS.Platform = "linux"): readonly string[] | string {
  const read = readOwnCommand(line, platform);
  return read.ok ? [read.value.command, ...read.value.args] : read.error;
}

test("a typed command is a program and its arguments", () => {
  assert.deepEqual(words("  my-agent   acp "), ["my-agent", "acp"]);
  assert.deepEqual(words(`"/opt/my agent/run" --name 'a "b"' x\\ y ""`), [
    "/opt/my agent/run",
    "--name",
    'a "b"',
    "x y",
    "",
  ]);
  assert.deepEqual(words("npx -y @google/gemini-cli@0.37.1 --acp"), [
    "npx",
    "-y",
    "@google/gemini-cli@0.37.1",
    "--acp",
  ]);
  assert.deepEqual(words("C:\\tools\\agent.exe acp", "win32"), ["C:\\tools\\agent.exe", "acp"]);
});

test("what only a shell would understand is refused, and not started as something else", () => {
  for (const line of ["a | b", "a && b", "a > f", "KEY=$SECRET a", "a `b`", "a *.ts"])
    assert.match(String(words(line)), /^No shell/);
  assert.deepEqual(words("a '$HOME'"), ["a", "$HOME"]);
  assert.match(String(words("a 'b")), /quote/);
  assert.match(String(words("  ")), /^Write the program/);
});
