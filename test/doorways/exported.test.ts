import assert from "node:assert/strict";
import { execFileSync, type StdioOptions } from "node:child_process";
import { test } from "node:test";

import { exportedVariables } from "../../extension/doorways/shim/exported.ts";

const VALUES: Readonly<Record<string, string>> = {
  PLAIN: "plain",
  EMPTY: "",
  QUOTES: `it's "so" \`here\``,
  DOLLARS: "$x ${y} $(z) \\ \\n !",
  LINES: "first\n\nexport FAKE='1'\nlast\n",
  CONTROL: "\x01\t\x1b[0m\x7f",
  UNICODE: "ünï 日本",
};

for (const shell of ["sh", "bash", "dash", "busybox"]) {
  test(`${shell}: what its own "export -p" prints is read as it is`, (t) => {
    const [program, args] =
      shell === "busybox" ? ["busybox", ["sh"]] : [shell, shell === "bash" ? ["--posix"] : []];
    const env = { PATH: process.env["PATH"], ...VALUES };
    let printed: string;
    try {
      const stdio: StdioOptions = ["ignore", "pipe", "inherit"];
      printed = execFileSync(program, [...args, "-c", "export NEVER_SET; export -p"], {
        env,
        stdio,
        encoding: "utf8",
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      t.skip(`there is no ${program}`);
      return;
    }
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
