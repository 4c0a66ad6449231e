import type { ShellWord } from "../../shell/command.ts";
import { resolvePath } from "../../shell/path.ts";
import type { ProgramCall } from "../call.ts";
import { placeOf } from "../places.ts";

/** Unpacking can overwrite anything below the target folder: only an empty or clean one is harmless. */
export function unpacksInto(call: ProgramCall, folder: ShellWord): void {
  call.add("fs.write");
  call.writes(folder, "create");
  const isOurs = (cwd: string): boolean => placeOf(resolvePath(cwd, folder.text), call.around) === "project";
  if (!folder.known || !call.folders.some(isOurs)) return;
  call.addByState("fs.overwrite", (cwd) => ({
    fact: "changes",
    folder: cwd,
    against: "both",
    paths: [folder.text],
  }));
  call.addByState("fs.overwrite", (cwd) => ({
    fact: "untracked",
    folder: cwd,
    paths: [folder.text],
    ignored: "too",
    folders: true,
    repositories: false,
  }));
}
