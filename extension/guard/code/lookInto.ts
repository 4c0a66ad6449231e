import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
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
  if (file === undefined || !file.known || file.glob || folder === undefined || others.length > 0) return [];
  return [resolvePath(folder, file.text)];
}
