import type { ShellWord } from "../shell/command.ts";
import { baseName } from "../shell/path.ts";

/** Where a target is surely a folder, what is moved arrives below it; else it may become the target itself. */
export function arrivals(sources: readonly ShellWord[], target: ShellWord): readonly ShellWord[] {
  const folder = target.text.replace(/\/+$/, "");
  const below = sources.map((source) => {
    const name = source.glob || !source.known ? "*" : baseName(source.text.replace(/\/+$/, ""));
    return { ...target, text: `${folder}/${name}`, glob: target.glob || name === "*" };
  });
  return sources.length > 1 || folder !== target.text ? below : [target, ...below];
}
