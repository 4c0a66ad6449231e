import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { buildAll } from "../../scripts/lib/bundle.ts";
import { DIST } from "../../scripts/lib/paths.ts";

/** Runs of each: the median is printed. */
const RUNS = 15;

/** Loads a module with `vscode` replaced by nothing, and prints the milliseconds of CPU that it took. */
const LOADER = `
import { registerHooks } from "node:module";
const names = ["workspace", "window", "commands", "env", "l10n", "languages"];
const stub = names.map((name) => "export const " + name + " = {};").join("") + "export class EventEmitter {} export const DiagnosticSeverity = {};";
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode" ? { url: "data:text/javascript," + encodeURIComponent(stub), shortCircuit: true } : next(specifier, context),
});
const before = process.cpuUsage();
if (process.argv[1]) await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
`;

function milliseconds(module: string): number {
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", LOADER, module], {
    encoding: "utf8",
  });
  return Number(output);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

await buildAll({ production: true });
const nothing = median(Array.from({ length: RUNS }, () => milliseconds("")));
const loaded = median(Array.from({ length: RUNS }, () => milliseconds(join(DIST, "extension.js"))));
console.log(
  `Loading a module, ms of CPU (median of ${RUNS} fresh processes; goal for the extension: under 60)\n`,
);
console.log(`nothing        ${nothing.toFixed(1)}`);
console.log(`extension.js   ${loaded.toFixed(1)}`);
