import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { Gates } from "../../extension/gates/gates.ts";
import { isAlive } from "../harness/processes.ts";
import { connectWith } from "./support/connect.ts";
import { benchWith, environment, folderWith, uvLock } from "../toolchain/support.ts";

/**
 * A ty that is two programs: `ty check` finds one error, `ty server` does what the test wants of it. Each start of the
 * server leaves its process id.
 */
function ty(server: string): string {
  return `#!/bin/sh
case "$1" in
--version) echo "ty 9.9.9" ;;
server) echo $$ >> "$(dirname "$0")/servers"; ${server} ;;
check) echo '[{"check_name":"cold","description":"cold: m","severity":"major","location":{"path":"a.py","positions":{"begin":{"line":1,"column":1},"end":{"line":1,"column":2}}}}]'; exit 1 ;;
esac
`;
}

function open(t: TestContext, server: string) {
  const folder = folderWith({
    "a.py": "x\n",
    "pyproject.toml": '[project]\nname = "demo"\n',
    "uv.lock": uvLock({}),
    ...environment(".venv"),
    ".venv/bin/ty": ty(server),
  });
  const { toolchain, processes } = benchWith(["/usr/bin", "/bin"], false);
  const gates = new Gates({ folder, toolchain, processes, connect: connectWith(processes) });
  t.after(() => gates.dispose());
  const types = async () => {
    const results = await gates.edited([join(folder, "a.py")]);
    return results.find(({ tool }) => tool === "ty");
  };
  const started = (): readonly number[] => {
    const path = join(folder, ".venv/bin/servers");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
  };
  return { gates, types, started };
}

describe("a server that is kept warm", () => {
  const FAILURES: readonly (readonly [string, string])[] = [
    ["does not start", "exit 3"],
    ["ends at once", "exit 0"],
    ["writes rubbish", "printf 'rubbish\\r\\n\\r\\n'; sleep 30"],
    ["writes half a message and ends", "printf 'Content-Length: 100\\r\\n\\r\\n{'; exit 0"],
  ];
  for (const [what, server] of FAILURES) {
    test(`and ${what} is replaced by starting the tool, and given up in the end`, async (t) => {
      const { types, started } = open(t, server);
      for (let n = 0; n < 5; n++) {
        const result = await types();
        assert.deepEqual([result?.state, result?.findings], ["failed", 1]);
      }
      assert.equal(started().length, 3);
      for (const pid of started()) assert.equal(await isAlive(pid), false);
    });
  }

  test("and hangs is not waited for, and ends with its gates", async (t) => {
    const { gates, types, started } = open(t, "sleep 86400");
    const result = await types();
    assert.deepEqual([result?.state, result?.findings], ["failed", 1]);
    assert.equal(started().length, 1);
    await gates.dispose();
    for (const pid of started()) assert.equal(await isAlive(pid), false);
  });
});
