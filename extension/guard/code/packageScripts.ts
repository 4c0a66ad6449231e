import { quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
import type { ProgramCall } from "../call.ts";
import type { CodeText } from "./lookup.ts";
import { judgeLines } from "./files.ts";
import { lookInto } from "./lookInto.ts";

/** The package whose scripts are meant: the one worked in, one by its folder or name, or several. */
export type PackagePlace =
  | { readonly of: "here" }
  | { readonly of: "several" }
  | { readonly of: "folder" | "workspace"; readonly name: ShellWord };

/** Folders in which workspaces usually keep their packages. */
const WORKSPACES = ["packages", "apps", "libs", "services", "modules", "tools", "examples"];

const HOOKS = ["pre", "", "post"] as const;

/** The folders from one up to the project's root. */
export function upwards(call: ProgramCall): readonly string[] {
  const [folder, ...others] = call.folders;
  const root = call.around.roots.find((each) => folder === each || folder?.startsWith(`${each}/`));
  if (folder === undefined || others.length > 0 || root === undefined) return [];
  const folders: string[] = [];
  for (let at = folder; at.length >= root.length; at = resolvePath(at, "..")) folders.push(at);
  return folders;
}

/** `npm run NAME`: the lines that package.json has for it. `missing`: there is no such script; null: nobody can tell. */
export function judgePackageScript(
  call: ProgramCall,
  name: ShellWord | undefined,
  args: readonly ShellWord[],
  place: PackagePlace,
  risky: boolean,
): "judged" | "missing" | null {
  if (name === undefined || !name.known) return null;
  const found = manifestAt(call, place);
  if (found === null) return null;
  const scripts = scriptsOf(found.text);
  if (scripts === null) return null;
  if (scripts[name.text] === undefined) return "missing";
  const more = args.filter((word) => word.known && !word.glob && word.text !== "--").map(({ text }) => text);
  const lines = HOOKS.flatMap((hook) => {
    const line = scripts[`${hook}${name.text}`];
    if (line === undefined) return [];
    return hook === "" && more.length > 0 ? [`${line} ${quoteAll(more)}`] : [line];
  });
  judgeLines(call, lines, found.path.replace(/\/[^/]*$/, "") || "/", { name: name.text, risky });
  return "judged";
}

function manifestAt(call: ProgramCall, place: PackagePlace): CodeText | null {
  const above = upwards(call);
  const [here] = above;
  if (here === undefined || place.of === "several") return null;
  if (place.of === "here") return textAt(call, above);
  const { text, known } = place.name;
  if (!known || /[*?{!^]|\.\.\./.test(text)) return null;
  if (place.of === "folder") return textAt(call, [resolvePath(here, text)]);
  const last = text.slice(text.lastIndexOf("/") + 1);
  const usual = WORKSPACES.map((each) => `${each}/${last}`);
  const below = above.flatMap((folder) => [text, ...usual].map((each) => resolvePath(folder, each)));
  const found = textAt(call, below);
  const isNamed =
    found !== null && (nameOf(found.text) === text || found.path.endsWith(`${text}/package.json`));
  return isNamed ? found : null;
}

function textAt(call: ProgramCall, folders: readonly string[]): CodeText | null {
  const found = lookInto(
    call,
    folders.map((folder) => `${folder}/package.json`),
  );
  return typeof found === "object" ? found : null;
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function nameOf(text: string): unknown {
  const manifest = parsed(text);
  return manifest !== null && "name" in manifest ? manifest.name : null;
}

function scriptsOf(text: string): Readonly<Record<string, string>> | null {
  const manifest = parsed(text);
  if (manifest === null) return null;
  const scripts: unknown = "scripts" in manifest ? manifest.scripts : {};
  if (typeof scripts !== "object" || scripts === null) return null;
  return Object.fromEntries(Object.entries(scripts).filter(([, line]) => typeof line === "string"));
}
