import type { ShellWord } from "../../shell/command.ts";
import type { ProgramCall } from "../call.ts";
import type { Autostash, FactQuery } from "../facts.ts";

type ChangesQuery = Extract<FactQuery, { fact: "changes" }>;
export type Against = ChangesQuery["against"];

export function changes(
  folder: string,
  against: Against,
  paths: readonly ShellWord[] | null,
  more: Pick<ChangesQuery, "unlessRef" | "onlyIfRef" | "onlyIfAutostash" | "from" | "removesSubmodules"> = {},
): FactQuery {
  return { fact: "changes", folder, against, paths: paths?.map((word) => word.text) ?? null, ...more };
}

/**
 * A stash around a rebase, merge or pull, by an option or the settings of some of these, brings changes back as they
 * are in the files: what was staged otherwise is gone.
 */
export function losesStaged(call: ProgramCall, settings: readonly Autostash[]): void {
  // The last of them counts.
  const said = call.args.findLast(({ text }) => /^--(no-)?autos(t|ta|tas|tash)$/.test(text))?.text;
  if (said?.startsWith("--no-") === true) return;
  const onlyIf = said === undefined ? { onlyIfAutostash: settings } : {};
  call.addByState("git.index.discard", (folder) => changes(folder, "index", null, onlyIf));
  if (said !== undefined) losesMarked(call);
}

/** Git takes marked files for unchanged: it neither saves their edits nor refuses, and overwrites or removes them. */
export function losesMarked(call: ProgramCall): void {
  call.addByState("git.marked.discard", (folder) => changes(folder, "believed", null));
}

/** Files of a commit come into the working tree as they are there: what steers tools is no less protected from it. */
export function arrives(
  call: ProgramCall,
  ref: ShellWord | undefined,
  paths: readonly ShellWord[] | null,
  removes: boolean,
): void {
  if (ref === undefined || !("from" in from(ref))) return;
  const known = paths?.every((word) => word.known) === true;
  call.addByState("fs.write.protected", (folder) => ({
    fact: "arriving",
    folder,
    from: ref.known ? ref.text : null,
    paths: known ? paths.map((word) => word.text) : null,
    removes,
  }));
}

/** The commit whose files are written; the one that is checked out has nothing that could be in the way. */
export function from(ref: ShellWord | undefined): Pick<ChangesQuery, "from"> {
  return ref === undefined || /^(HEAD|@)$/.test(ref.text) ? {} : { from: ref.text };
}
