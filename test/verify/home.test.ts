import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { parse } from "smol-toml";
import { cleanHome, ownHome } from "../../extension/verify/home.ts";
import { tempDir } from "../harness/temp.ts";

const KEY = "sk-ant-api03-Verysecret0123456789";
const URL = "http://127.0.0.1:1";

async function put(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const agent = (env: Readonly<Record<string, string>> = {}) => ({
  id: "a",
  name: "A",
  command: "a",
  args: [],
  env: { ...env },
});

test("of Claude Code's settings come the rules for what is tried, and nothing else", async (t) => {
  const home = await tempDir(t);
  const settings = {
    env: { ANTHROPIC_AUTH_TOKEN: KEY },
    apiKeyHelper: `echo ${KEY}`,
    permissions: {
      allow: [
        "Bash",
        "Bash(git reset:*)",
        `Bash(git -c http.extraHeader=${KEY} fetch)`,
        `Bash(curl -u ${KEY})`,
        "Edit(**)",
        "WebFetch",
      ],
      ask: ["Bash(git push:*)"],
      defaultMode: "bypassPermissions",
      additionalDirectories: ["/home/me/other"],
    },
    hooks: { PreToolUse: [{ hooks: [{ type: "command", command: `notify ${KEY}` }] }] },
    mcpServers: { x: { env: { KEY } } },
    disableAllHooks: false,
  };
  await put(home, { ".claude/settings.json": JSON.stringify(settings), ".claude/.credentials.json": KEY });
  const given = agent({ ANTHROPIC_API_KEY: "${env:MY_KEY}", ANTHROPIC_BASE_URL: "https://proxy.example" });
  const { home: made, copied } = await ownHome("claude-code", URL, given, { HOME: home, MY_KEY: KEY });
  assert.deepEqual(Object.keys(made.files), [".claude/settings.json"]);
  assert.deepEqual(JSON.parse(made.files[".claude/settings.json"] ?? ""), {
    permissions: {
      allow: ["Bash", "Bash(git reset:*)", "Edit(**)"],
      ask: ["Bash(git push:*)"],
      defaultMode: "bypassPermissions",
    },
    disableAllHooks: false,
  });
  assert.equal(made.env["ANTHROPIC_BASE_URL"], URL);
  assert.doesNotMatch(JSON.stringify([made, copied]), new RegExp(KEY));
  assert.deepEqual(copied.kept, [
    ".claude/settings.json: permissions",
    ".claude/settings.json: disableAllHooks",
  ]);
  assert.deepEqual(
    copied.left.map((each) => each.replace(".claude/settings.json: ", "")),
    [
      "env",
      "apiKeyHelper",
      "permissions",
      "hooks",
      "mcpServers",
      "env: ANTHROPIC_API_KEY",
      "env: ANTHROPIC_BASE_URL",
    ],
  );
});

test("of Codex's come what it may do unasked and its rules; the model is ours, wherever its home lies", async (t) => {
  const home = await tempDir(t);
  await put(home, {
    "elsewhere/config.toml": [
      'model = "o9"',
      'model_provider = "mine"',
      'approval_policy = "never"',
      'sandbox_mode = "danger-full-access"',
      "[shell_environment_policy]",
      'inherit = "all"',
      `set = { TOKEN = "${KEY}" }`,
      "[model_providers.mine]",
      'base_url = "https://mine.example"',
      `http_headers = { Authorization = "${KEY}" }`,
      "[mcp_servers.x]",
      `command = "${KEY}"`,
    ].join("\n"),
    "elsewhere/rules/default.rules": [
      'prefix_rule(pattern=["git", "reset"], decision="allow")',
      'prefix_rule(\n  pattern = ["git", "-c", "http.extraHeader=X", "fetch"],\n  decision = "allow",\n)',
      `prefix_rule(pattern=["curl", "${KEY}"], decision="allow")`,
    ].join("\n"),
    "elsewhere/auth.json": KEY,
  });
  const given = agent({
    CODEX_CONFIG: JSON.stringify({ approval_policy: "never", mcp_servers: { x: KEY } }),
    CODEX_API_KEY: KEY,
  });
  const { home: made } = await ownHome("codex", URL, given, {
    HOME: home,
    CODEX_HOME: join(home, "elsewhere"),
  });
  assert.deepEqual(Object.keys(made.files).toSorted(), [".codex/config.toml", ".codex/rules/default.rules"]);
  const written = made.files[".codex/config.toml"] ?? "";
  const config = JSON.parse(JSON.stringify(parse(written))) as Readonly<Record<string, unknown>>;
  assert.deepEqual(
    [
      config["model_provider"],
      config["approval_policy"],
      config["sandbox_mode"],
      config["shell_environment_policy"],
    ],
    ["scripted", "never", "danger-full-access", { inherit: "all" }],
  );
  assert.equal(
    made.files[".codex/rules/default.rules"],
    'prefix_rule(pattern=["git","reset"], decision="allow")\n',
  );
  assert.deepEqual(made.env, { CODEX_CONFIG: '{"approval_policy":"never"}', SCRIPTED_KEY: "none" });
  assert.doesNotMatch(JSON.stringify(made), new RegExp(KEY));
});

test("of OpenCode's come its permissions, with comments in the file; one that can't be read gives nothing", async (t) => {
  const home = await tempDir(t);
  await put(home, {
    ".config/opencode/opencode.jsonc": `{ // mine\n "permission": { "bash": { "*": "allow", "git push *": "ask", "curl ${KEY}": "allow" }, "edit": "allow" },\n "provider": { "x": { "options": { "apiKey": "${KEY}" } } } }`,
    ".config/opencode/opencode.json": "{{{",
  });
  const { home: made } = await ownHome("opencode", URL, agent(), { HOME: home });
  assert.deepEqual(JSON.parse(made.files[".config/opencode/opencode.jsonc"] ?? ""), {
    permission: { bash: { "*": "allow", "git push *": "ask" }, edit: "allow" },
  });
  assert.match(made.files[".config/opencode/opencode.json"] ?? "", /"baseURL":"http:\/\/127\.0\.0\.1:1\/v1"/);
  assert.doesNotMatch(JSON.stringify(made), new RegExp(KEY));
});

test("a clean home has nothing of the person's but where the program is", () => {
  const given = agent({
    CODEX_PATH: "/opt/codex",
    INITIAL_AGENT_MODE: "agent-full-access",
    CODEX_API_KEY: KEY,
  });
  assert.deepEqual(cleanHome("codex", URL, given, {}).env, {
    CODEX_PATH: "/opt/codex",
    SCRIPTED_KEY: "none",
  });
});
