import assert from "node:assert/strict";
import { test } from "node:test";
import { App, type Settings } from "../../extension/app.ts";
import { ApprovalStore } from "../../extension/approvals/store.ts";
import { cliGates } from "../../extension/cli/gates.ts";
import { diskFiles } from "../../extension/doorways/fs/disk.ts";
import { folderWith, programs, uvLock } from "../toolchain/support.ts";

const files = { "pyproject.toml": '[project]\nname = "demo"\n', "uv.lock": uvLock({ name: "demo" }) };
const [folder, other] = [folderWith(files), folderWith(files)];
const home = folderWith({});
const environment = { PATH: programs("uv"), HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home };

/** What runs in place of `python x.py`, and what would, as a person has set it. */
async function routed(
  routing: Settings["routing"] | Readonly<Record<string, Settings["routing"]>>,
  project = folder,
): Promise<readonly (string | undefined)[]> {
  const app = new App({
    version: "0.0.0",
    environment,
    files: diskFiles,
    approvals: new ApprovalStore(),
    roots: () => [folder, other],
    settings: (root = "") => ({
      mode: "careful",
      shims: false,
      hooks: false,
      mcp: false,
      routing: typeof routing === "string" ? routing : (routing[root] ?? "off"),
      swap: "off",
      tellsRoute: true,
      agents: [],
    }),
    gatesFor: cliGates,
    baseline: false,
  });
  const act = { kind: "command", line: "python x.py", argv: null, cwd: project, env: {} } as const;
  const { route, suggested } = await app.consider(act, project);
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

test("each folder of a workspace has its own setting", async () => {
  const settings = { [folder]: "on", [other]: "show" } as const;
  const [to] = await routed(settings);
  assert.match(to ?? "", /^uv run /);
  assert.deepEqual(await routed(settings, other), [undefined, to]);
});
