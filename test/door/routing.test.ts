import assert from "node:assert/strict";
import { test } from "node:test";
import { App, type Settings } from "../../extension/app.ts";
import { ApprovalStore } from "../../extension/approvals/store.ts";
import { cliGates } from "../../extension/cli/gates.ts";
import { diskFiles } from "../../extension/doorways/fs/disk.ts";
import { folderWith, programs, uvLock } from "../toolchain/support.ts";

const folder = folderWith({
  "pyproject.toml": '[project]\nname = "demo"\n',
  "uv.lock": uvLock({ name: "demo" }),
});
const home = folderWith({});
const environment = { PATH: programs("uv"), HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home };

/** What runs in place of `python x.py`, and what would, as a person has set it. */
async function routed(routing: Settings["routing"]): Promise<readonly (string | undefined)[]> {
  const app = new App({
    version: "0.0.0",
    environment,
    files: diskFiles,
    approvals: new ApprovalStore(),
    roots: () => [folder],
    settings: () => ({
      mode: "careful",
      shims: false,
      hooks: false,
      mcp: false,
      routing,
      swap: false,
      tellsRoute: true,
      agents: [],
    }),
    gatesFor: cliGates,
    baseline: false,
  });
  const act = { kind: "command", line: "python x.py", argv: null, cwd: folder, env: {} } as const;
  const { route, suggested } = await app.consider(act, folder);
  await app.dispose();
  return [route?.to, suggested?.to];
}

test("a route is taken, only shown, or not looked for, as a person has set it", async () => {
  const [to] = await routed("on");
  assert.match(to ?? "", /^uv run .*python x\.py$/);
  assert.deepEqual(await routed("on"), [to, undefined]);
  assert.deepEqual(await routed("show"), [undefined, to]);
  assert.deepEqual(await routed("off"), [undefined, undefined]);
});
