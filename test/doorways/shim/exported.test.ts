import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { readExported, variablesOf } from "../../../extension/doorways/shim/exported.ts";

const exportedVariables = (text: string): Readonly<Record<string, string>> =>
  variablesOf(readExported(text).all);

const VALUES: Readonly<Record<string, string>> = {
  PLAIN: "plain",
  EMPTY: "",
  QUOTES: `it's "so" \`here\``,
  DOLLARS: "$x ${y} $(z) \\ \\n !",
  LINES: "first\n\nexport FAKE='1'\nlast\n",
  CONTROL: "\x01\t\x1b[0m\x7f",
  UNICODE: "ünï 日本",
};

for (const [program, ...args] of [["sh"], ["bash", "--posix"], ["bash"]] as const) {
  test(`what the "export -p" of ${[program, ...args].join(" ")} prints is read as it is`, () => {
    const env = { PATH: process.env["PATH"], ...VALUES };
    const printed = execFileSync(program, [...args, "-c", "export NEVER_SET; export -p"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
      encoding: "utf8",
    });
    const read = exportedVariables(printed);
    for (const [name, value] of Object.entries(VALUES)) assert.equal(read[name], value, name);
    assert.equal("FAKE" in read, false);
    assert.equal("NEVER_SET" in read, false);
  });
}

test("what is cut short, or no list of variables, gives what was read before", () => {
  assert.deepEqual(exportedVariables("export A='1'\nexport B='2"), { A: "1" });
  assert.deepEqual(exportedVariables("something else"), {});
  assert.deepEqual(exportedVariables(""), {});
});

test("what was printed of each is told as it stands there, and whether that is all", () => {
  const text = "export A='1\n2'\nexport B\nexport C=\"c\"\n";
  const { all, read } = readExported(text);
  assert.equal(all.map(({ printed }) => `${printed}\n`).join(""), text);
  assert.equal(read, true);
  assert.equal(readExported("export A='1'\nexport B='2").read, false);
  assert.equal(readExported("export A='1'\nrubbish\n").read, false);
});
