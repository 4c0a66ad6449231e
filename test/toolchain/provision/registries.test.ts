import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";

import { fetchBytes } from "../../../extension/toolchain/provision/fetchBytes.ts";
import { readListing } from "../../../extension/toolchain/provision/listing.ts";
import type { Pin } from "../../../extension/toolchain/provision/pins.ts";
import { type Registry, registryOf } from "../../../extension/toolchain/provision/registries.ts";
import { type Files, folderWith } from "../support.ts";

const INDEX = "https://index.example/simple/";

/** The registry that settings choose: files in the home folder, and variables (`HOME` in them is that folder). */
function chosen(from: Pin["from"], files: Files, variables: Record<string, string> = {}): Registry {
  const home = folderWith(files);
  const env = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.replace("HOME", home)]),
  );
  const registry = registryOf(from, { env, home });
  assert.ok(registry.ok);
  return registry.value;
}

function addressOf(from: Pin["from"], files: Files, variables?: Record<string, string>): string {
  return chosen(from, files, variables).url.href;
}

describe("the index of Python packages", () => {
  test("is PyPI where nothing says otherwise", () => {
    assert.equal(addressOf("PyPI", {}), "https://pypi.org/simple/");
  });

  const pip = {
    ".config/pip/pip.conf": `[install]\nindex-url = https://no.example/\n[global]\nindex_url = ${INDEX}\n`,
  };
  for (const [title, files, variables] of [
    [
      "uv's variable",
      pip,
      { UV_DEFAULT_INDEX: INDEX, UV_INDEX_URL: "https://no.example", PIP_INDEX_URL: "https://no.example" },
    ],
    ["uv's variable with a name", {}, { UV_DEFAULT_INDEX: `corp=${INDEX}` }],
    ["uv's older variable", {}, { UV_INDEX_URL: INDEX }],
    [
      "uv's file",
      {
        ".config/uv/uv.toml": `[[index]]\nurl = "https://more.example"\n[[index]]\nurl = "${INDEX}"\ndefault = true\n`,
      },
      {},
    ],
    [
      "uv's file by the older key",
      { ".config/uv/uv.toml": `index-url = "${INDEX}"\n` },
      { PIP_INDEX_URL: "https://no.example" },
    ],
    [
      "uv's file at another place",
      { "x.toml": `index-url = "${INDEX}"\n` },
      { UV_CONFIG_FILE: "HOME/x.toml" },
    ],
    ["pip's variable", pip, { PIP_INDEX_URL: INDEX.slice(0, -1) }],
    ["pip's file", pip, {}],
    ["pip's older file", { ".pip/pip.conf": `[global]\nindex-url: ${INDEX}\n` }, {}],
    [
      "pip's file at another place",
      { "x.conf": `[global]\nindex-url=${INDEX}` },
      { PIP_CONFIG_FILE: "HOME/x.conf" },
    ],
  ] as readonly (readonly [string, Files, Record<string, string>])[]) {
    test(`is chosen by ${title}`, () => assert.equal(addressOf("PyPI", files, variables), INDEX));
  }

  test("is not chosen by a file that can't be read", () => {
    assert.equal(addressOf("PyPI", { ".config/uv/uv.toml": "index-url = [" }), "https://pypi.org/simple/");
  });
});

describe("npm's registry", () => {
  test("is npm's own where nothing says otherwise", () => {
    assert.equal(addressOf("npm", {}), "https://registry.npmjs.org/");
  });

  test("is chosen by npm's variables of any case, then its files", () => {
    const files = { ".npmrc": "; company\nregistry = https://file.example/npm # no comment of npm's\n" };
    assert.equal(
      addressOf("npm", { ".npmrc": 'registry="https://file.example/npm"' }),
      "https://file.example/npm/",
    );
    assert.equal(
      addressOf("npm", files, { NPM_CONFIG_REGISTRY: "https://var.example" }),
      "https://var.example/",
    );
    assert.equal(
      addressOf(
        "npm",
        { x: "registry=https://x.example/${NAME}" },
        { npm_config_userconfig: "HOME/x", NAME: "n" },
      ),
      "https://x.example/n/",
    );
  });

  test("of the package's own scope comes first", () => {
    const files = { ".npmrc": "registry=https://all.example\n@oven:registry=https://oven.example/r/\n" };
    assert.equal(addressOf("npm", files), "https://oven.example/r/");
  });
});

describe("what a registry is asked with", () => {
  test("is the login of its own address, by token, by password or in the index's address", () => {
    const npm = (login: string) =>
      chosen("npm", { ".npmrc": `registry=https://r.example/team/npm/\n${login}\n` }, { T: "secret" })
        .authorization;
    assert.equal(npm("//r.example/team/npm/:_authToken=${T}"), "Bearer secret");
    assert.equal(npm("//r.example/:_auth=abc"), "Basic abc");
    const password = Buffer.from("word").toString("base64");
    assert.equal(
      npm(`//r.example/team/:username=me\n//r.example/team/:_password=${password}`),
      `Basic ${Buffer.from("me:word").toString("base64")}`,
    );
    assert.equal(npm("//other.example/:_authToken=no"), null);
    const index = chosen("PyPI", {}, { PIP_INDEX_URL: "https://me:w%40rd@index.example/simple" });
    assert.equal(index.url.href, INDEX);
    assert.equal(index.authorization, `Basic ${Buffer.from("me:w@rd").toString("base64")}`);
  });

  test("goes to no other host, not even to that of the files", async (t) => {
    const logins = new Map<string, string | undefined>();
    const serve = async (name: string, body: (self: string) => string): Promise<string> => {
      const server = createServer((request, response) => {
        logins.set(name, request.headers.authorization);
        response.setHeader("content-type", "application/vnd.pypi.simple.v1+json").end(body(name));
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      t.after(() => void server.close());
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    const files = await serve("files", () => "wheel");
    const index = await serve("index", () =>
      JSON.stringify({ files: [{ filename: "x.whl", url: `http://${files}/x.whl` }] }),
    );
    const registry = chosen("PyPI", {}, { UV_DEFAULT_INDEX: `http://me:word@${index}/simple` });
    const { signal } = new AbortController();
    const [file] = await readListing(registry, "x", signal);
    assert.ok(file !== undefined);
    await fetchBytes(file.url, { registry, maxBytes: 100, signal });
    assert.equal(logins.get("index"), `Basic ${Buffer.from("me:word").toString("base64")}`);
    assert.equal(logins.get("files"), undefined);
    assert.ok(logins.has("files"));
  });
});

describe("a registry that is not asked by HTTPS", () => {
  for (const address of [
    "http://index.example/simple",
    "file:///srv/wheels",
    "../wheels",
    "ftp://me:word@index.example",
  ]) {
    test(`is refused, and its password is not told: ${address}`, () => {
      const registry = registryOf("PyPI", { env: { UV_DEFAULT_INDEX: address }, home: "/nowhere" });
      assert.ok(!registry.ok);
      assert.equal(registry.error.code, "tool.registry");
      assert.doesNotMatch(registry.error.message, /word/);
    });
  }

  test("is not followed to either", async (t) => {
    const server = createServer((request, response) => {
      const { port } = server.address() as AddressInfo;
      // This machine too, by an address that could be anybody's.
      if (request.url === "/a") response.writeHead(302, { location: `http://0.0.0.0:${port}/b` });
      response.end("x");
    }).listen(0);
    await once(server, "listening");
    t.after(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const registry = chosen("PyPI", {});
    const { signal } = new AbortController();
    const url = new URL(`http://127.0.0.1:${port}/a`);
    await assert.rejects(fetchBytes(url, { registry, maxBytes: 100, signal }), { code: "tool.registry" });
  });

  test("neither are its files", async () => {
    const registry = chosen("PyPI", {});
    const { signal } = new AbortController();
    await assert.rejects(
      fetchBytes(new URL("http://files.example/x.whl"), { registry, maxBytes: 100, signal }),
      { code: "tool.registry" },
    );
  });
});

test("a repository's own files choose no registry", () => {
  const project = folderWith({
    ".npmrc": "registry=https://evil.example",
    "uv.toml": 'index-url = "https://evil.example"',
  });
  const before = process.cwd();
  process.chdir(project);
  try {
    assert.equal(addressOf("npm", {}), "https://registry.npmjs.org/");
    assert.equal(addressOf("PyPI", {}), "https://pypi.org/simple/");
  } finally {
    process.chdir(before);
  }
  assert.notEqual(join(project), before);
});
