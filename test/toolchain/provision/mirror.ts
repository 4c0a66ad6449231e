import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";

import { fetchBytes } from "../../../extension/toolchain/provision/fetchBytes.ts";
import { readListing } from "../../../extension/toolchain/provision/listing.ts";
import {
  type Build,
  buildFor,
  PINS,
  PROVIDED_TOOLS,
  type ProvidedTool,
  thisMachine,
} from "../../../extension/toolchain/provision/pins.ts";
import { PUBLIC, registryOf } from "../../../extension/toolchain/provision/registries.ts";
import { provide } from "../../../scripts/boot/cache.mjs";
import { Stop } from "../../../scripts/boot/stop.mjs";
import { listenOnLoopback } from "../../harness/loopback.ts";
import type { Owner } from "../../harness/temp.ts";

export function build(tool: ProvidedTool): Build {
  const found = buildFor(tool, thisMachine());
  if (found === null) throw new Stop(`${tool} is not packaged for this machine.`, "Use another machine.");
  return found;
}

/** What the registry of this machine's settings sends for a tool, fetched once. */
export async function archive(tool: ProvidedTool): Promise<Buffer> {
  const { version, from } = PINS[tool];
  const { package: name, file, size } = build(tool);
  const folder = await provide(`archive-${tool}-${version}`, async (unfinished) => {
    const registry = registryOf(from, { env: process.env, home: process.env["HOME"] ?? "/" });
    if (!registry.ok) throw new Stop(registry.error.message, registry.error.next);
    const { signal } = new AbortController();
    const listed = (await readListing(registry.value, name, signal)).find((each) => each.file === file);
    if (listed === undefined)
      throw new Stop(`${file} is not in the registry.`, "See extension/toolchain/provision.");
    const { bytes } = await fetchBytes(listed.url, { registry: registry.value, maxBytes: size, signal });
    await writeFile(join(unfinished, file), bytes);
  });
  return readFile(join(folder, file));
}

/** True where the mirror has nothing more to say to a request. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface Mirror {
  /** Settings that name it, for PyPI and npm alike. */
  readonly env: Readonly<Record<string, string>>;
  readonly host: string;
  /** What was asked of it: paths with the login that came along. */
  readonly asked: readonly { readonly path: string; readonly login: string | undefined }[];
  /** Asked first, for each request. */
  fault: Fault;
}

/** A registry on this machine that has the real files: PyPI's pages below /simple and /pages, npm's below /npm. */
export async function mirror(t: Owner): Promise<Mirror> {
  const asked: { path: string; login: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push({ path, login: request.headers.authorization });
    if (!state.fault(request, response))
      void answer(path, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const host = await listenOnLoopback(t, server);
  const env = { UV_DEFAULT_INDEX: `http://${host}/simple`, npm_config_registry: `http://${host}/npm/` };
  const state: Mirror = { env, host, asked, fault: () => false };
  return state;
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  const tool = PROVIDED_TOOLS.find((each) => path.includes(each));
  if (tool === undefined) return void response.writeHead(404).end();
  const { file } = build(tool);
  if (path.endsWith(file)) return void response.end(await archive(tool));
  if (path.startsWith("/simple/")) {
    response.setHeader("content-type", "application/vnd.pypi.simple.v1+json");
    return void response.end(JSON.stringify({ files: [{ filename: file, url: `../../files/${file}` }] }));
  }
  if (path.startsWith("/pages/")) {
    response.setHeader("content-type", "text/html; charset=utf-8");
    return void response.end(`<!doctype html><a class="x" href="../../files/${file}#sha256=0">${file}</a>`);
  }
  // A mirror that copies npm's answers leaves npm's addresses in them.
  const tarball = `${PUBLIC.npm}/${build(tool).package}/-/${file}`;
  response.end(JSON.stringify({ versions: { [PINS[tool].version]: { dist: { tarball } } } }));
}
