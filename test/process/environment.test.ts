import assert from "node:assert/strict";
import { test } from "node:test";
import { childEnvironment } from "../../extension/process/environment.ts";

const named = (...names: string[]): NodeJS.ProcessEnv => Object.fromEntries(names.map((name) => [name, "x"]));

test("what a program needs to find its tools, languages and certificates passes", () => {
  const host = named(
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TERM",
    "XDG_CACHE_HOME",
    "SSH_AUTH_SOCK",
    "VIRTUAL_ENV",
    "UV_CACHE_DIR",
    "PIP_INDEX_URL",
    "HTTPS_PROXY",
    "https_proxy",
    "NODE_EXTRA_CA_CERTS",
    "CARGO_HOME",
    "Path",
    "SystemRoot",
    "ProgramFiles(x86)",
  );
  assert.deepEqual(childEnvironment(host), host);
});

test("what steers the editor, Node or git does not, and no secret does", () => {
  const host = named(
    "VSCODE_PID",
    "VSCODE_IPC_HOOK",
    "CODE_SERVER_X",
    "ELECTRON_RUN_AS_NODE",
    "NODE_OPTIONS",
    "NODE_PATH",
    "GIT_ASKPASS",
    "GIT_DIR",
    "GIT_CONFIG_COUNT",
    "GIT_SSH_COMMAND",
    "LD_PRELOAD",
    "BASH_ENV",
    "ENV",
    "GITHUB_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "ANTHROPIC_API_KEY",
    "DATABASE_URL",
    "MY_VARIABLE",
    "npm_config_x",
    "UV_PUBLISH_TOKEN",
    "PIP_PASSWORD",
    "XDG_API_KEY",
    "UV_INDEX_X_PASSWORD",
    "UV_HTTP_BASIC_AUTH",
    "INTERLOCK_GROUP",
    "INTERLOCK_STATE_DIR",
    "",
  );
  assert.deepEqual(childEnvironment(host), {});
});

test("an index address that holds a password stays behind", () => {
  const host = {
    UV_DEFAULT_INDEX: "https://me:pass@example.com/simple",
    PIP_EXTRA_INDEX_URL: "https://a.example.com/simple https://me:pass@b.example.com/simple",
    UV_INDEX: "name=https://me@example.com/simple",
    UV_INDEX_URL: "https://example.com/a@b",
  };
  assert.deepEqual(childEnvironment(host), { UV_INDEX_URL: "https://example.com/a@b" });
});

test("what is added passes as it is, and null takes a variable away", () => {
  const extra = { NODE_OPTIONS: "--x", LANG: null, ABSENT: null, TERM: "" };
  assert.deepEqual(childEnvironment({ LANG: "C", HOME: "/h", TERM: "x" }, extra), {
    HOME: "/h",
    NODE_OPTIONS: "--x",
    TERM: "",
  });
});

test("the host's environment is left as it was", () => {
  const host = { LANG: "C", X: "x" };
  childEnvironment(host, { LANG: "D", Y: "y" });
  assert.deepEqual(host, { LANG: "C", X: "x" });
});
