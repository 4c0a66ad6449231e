import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { build } from "esbuild";
import type { BuildOptions, BuildResult, Metafile } from "esbuild";

import { Stop } from "../boot/stop.mjs";
import { keepNamedIcons } from "./icons.ts";
import { notices } from "./notices.ts";
import { DIST, ROOT } from "./paths.ts";

/** What becomes a program of its own. Chunks lie beside them: each finds the others by its own folder. */
const HOST_ENTRIES = {
  extension: "extension/main.ts",
  cli: "extension/cli/main.ts",
  agent: "extension/builtin/main.ts",
  supervisor: "extension/process/supervisor.ts",
  mcp: "extension/doorways/mcp/relay.ts",
};
const PAGE_ENTRIES = { main: "webview/main.ts" };
const PAGE_STYLES = { main: "webview/styles/main.css" };
const ENTRY_SOURCES = new Set(
  Object.values({ ...HOST_ENTRIES, page: PAGE_ENTRIES.main, styles: PAGE_STYLES.main }),
);
const TRANSLATIONS = "extension/l10n";

/** CommonJS packages ask for Node's own modules by a `require` that an ES module doesn't have. */
export const REQUIRE = `import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);`;
const SHEBANG = "#!/usr/bin/env node\n";

export interface BundleOptions {
  readonly production: boolean;
}

type Built = BuildResult<{ metafile: true }>;

/** Builds everything that ships into dist/, and removes what an earlier build left there. */
export async function buildAll({ production }: BundleOptions): Promise<void> {
  await mkdir(DIST, { recursive: true });
  const shared: BuildOptions = {
    absWorkingDir: ROOT,
    bundle: true,
    format: "esm",
    minify: production,
    // Methods keep their names in a stack trace either way; those of functions would be 5 % of what is shipped.
    keepNames: false,
    sourcemap: production ? false : "linked",
    legalComments: "none",
    logLevel: "silent",
  };
  const host = await bundle(HOST_ENTRIES, {
    ...shared,
    outdir: DIST,
    platform: "node",
    target: "node20",
    splitting: true,
    // Packages that offer both come as ES modules: their CommonJS halves may require files by computed names.
    mainFields: ["module", "main"],
    external: ["vscode"],
    define: { INTERLOCK_VERSION: JSON.stringify(await packageVersion()) },
    banner: { js: REQUIRE },
  });
  const page = await bundle(PAGE_ENTRIES, {
    ...shared,
    outdir: join(DIST, "webview"),
    platform: "browser",
    target: "chrome128",
    splitting: true,
  });
  const styles = await bundle(PAGE_STYLES, {
    ...shared,
    outdir: join(DIST, "webview"),
    loader: { ".ttf": "file" },
    assetNames: "[name]",
  });
  if (page !== undefined && styles !== undefined)
    await keepNamedIcons(join(DIST, "webview"), outputsOf(page, ".js"));
  const built = [host, page, styles].filter((result) => result !== undefined);
  await makeRunnable(join(DIST, "cli.js"));
  await copyTranslations();
  await writeFile(join(DIST, "NOTICES.txt"), await notices(built.map((result) => result.metafile)));
  await removeStale(built);
  printSizes(built.map((result) => result.metafile));
}

function outputsOf({ metafile }: Built, ending: string): readonly string[] {
  return Object.keys(metafile.outputs)
    .filter((file) => file.endsWith(ending))
    .map((file) => join(ROOT, file));
}

async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  return version;
}

async function bundle(entries: Record<string, string>, options: BuildOptions): Promise<Built | undefined> {
  const there = Object.entries(entries).filter(([name, source]) => {
    const exists = existsSync(join(ROOT, source));
    if (!exists) console.log(`  skipped ${name}: there is no ${source} yet`);
    return exists;
  });
  if (there.length === 0) return undefined;
  try {
    return await build({ ...options, entryPoints: Object.fromEntries(there), metafile: true });
  } catch (error) {
    const messages = (error as { errors?: { text: string; location?: { file: string; line: number } }[] })
      .errors;
    if (!messages) throw error;
    const lines = messages.map(({ text, location }) => {
      return location ? `${location.file}:${location.line}: ${text}` : text;
    });
    throw new Stop("The build failed.", "Mend what esbuild names above.", lines.join("\n"));
  }
}

async function makeRunnable(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const code = await readFile(file, "utf8");
  if (!code.startsWith("#!")) await writeFile(file, SHEBANG + code);
  await chmod(file, 0o755);
}

async function copyTranslations(): Promise<void> {
  const target = join(DIST, "l10n");
  await rm(target, { recursive: true, force: true });
  if (existsSync(join(ROOT, TRANSLATIONS))) await cp(join(ROOT, TRANSLATIONS), target, { recursive: true });
}

/** Afterwards rather than before, so that a window that runs from dist/ never finds it empty. */
async function removeStale(built: readonly Built[]): Promise<void> {
  const fresh = new Set(
    built.flatMap(({ metafile }) => Object.keys(metafile.outputs).map((file) => join(ROOT, file))),
  );
  for (const folder of [DIST, join(DIST, "webview")]) {
    if (!existsSync(folder)) continue;
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      const ours = /\.(js|js\.map|css|css\.map|ttf)$/.test(name);
      if (ours && !fresh.has(file) && (await stat(file)).isFile()) await rm(file, { force: true });
    }
  }
}

/** What each program loads at its start; what it loads later is in chunks of their own. */
function printSizes(metafiles: readonly Metafile[]): void {
  for (const { outputs } of metafiles) {
    for (const [file, output] of Object.entries(outputs)) {
      if (!output.entryPoint || !ENTRY_SOURCES.has(output.entryPoint)) continue;
      const eager = [...staticImports(file, outputs)].reduce(
        (sum, each) => sum + (outputs[each]?.bytes ?? 0),
        0,
      );
      console.log(`  ${relative(DIST, join(ROOT, file)).padEnd(16)} ${kilobytes(eager)} at start`);
    }
  }
}

function staticImports(file: string, outputs: Metafile["outputs"], found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? []) {
    if (kind === "import-statement" && !external) staticImports(path, outputs, found);
  }
  return found;
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
