import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The page's files by name, as they ship. */
export type Built = ReadonlyMap<string, Uint8Array>;

let built: Promise<Built> | undefined;

/** Builds the page as it ships, in memory, once for each test file. */
export function builtPage(): Promise<Built> {
  return (built ??= buildPage());
}

async function buildPage(): Promise<Built> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: "webview/main.ts", style: "webview/styles/main.css" },
    bundle: true,
    write: false,
    outdir: "/",
    format: "esm",
    target: "chrome128",
    minify: true,
    loader: { ".ttf": "file" },
    assetNames: "[name]",
    logLevel: "silent",
  });
  return new Map(outputFiles.map((file) => [file.path.slice(join("/").length), file.contents]));
}
