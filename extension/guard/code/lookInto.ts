import type { ShellWord } from "../../shell/command.ts";
import { isInside, resolvePath } from "../../shell/path.ts";
import type { ProgramCall } from "../call.ts";
import { placeOf } from "../places.ts";
import type { CodeAnswer } from "./lookup.ts";

/** Looks into a file of the project or a temporary one. Undefined where that can't be done, or wasn't yet. */
export function lookInto(
  call: ProgramCall,
  paths: readonly string[],
  settled = false,
): CodeAnswer | undefined {
  const places = paths.map((path) => placeOf(path, call.around));
  if (places.length === 0 || places.some((place) => place === "outside" || place === "device"))
    return undefined;
  const query = settled ? { paths, settled } : { paths };
  call.looks(query);
  return call.around.look?.(query);
}

/** The one path that a word can mean. */
export function pathOf(call: ProgramCall, file: ShellWord | undefined): readonly string[] {
  const [folder, ...others] = call.folders;
  if (file === undefined || !file.known || file.glob) return [];
  if (file.text.startsWith("/")) return [resolvePath("/", file.text)];
  if (folder === undefined || others.length > 0) return [];
  return [resolvePath(folder, file.text)];
}

/** The folder worked in and those above it, up to the project's. */
export function inProject(call: ProgramCall): readonly string[] {
  const [folder, ...others] = call.folders;
  const root = call.around.roots.find((each) => folder !== undefined && isInside(each, folder));
  if (folder === undefined || others.length > 0 || root === undefined) return [];
  const folders: string[] = [];
  for (let at = folder; at.length >= root.length; at = resolvePath(at, "..")) folders.push(at);
  return folders;
}
