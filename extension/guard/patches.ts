import type { ShellInput, ShellWord, SimpleCommand } from "../shell/command.ts";
import { isCat } from "../shell/nested.ts";
import { outputOf } from "../shell/output.ts";
import { resolvePath } from "../shell/path.ts";
import type { ProgramCall } from "./call.ts";
import { lookInto } from "./code/lookInto.ts";
import type { FactQuery } from "./facts.ts";
import { placeOf, resolveAll } from "./places.ts";

/** What a patch is made of, where that can be told. */
interface Patch {
  readonly text: string | null;
  /** Git made it from commits: it changes what git tracks, and nothing else. */
  readonly ofTracked: boolean;
  /** What it is limited to, as far as the words that made it say so. */
  readonly named?: readonly ShellWord[];
}

const UNKNOWN: Patch = { text: null, ofTracked: false };

/** The patch that a program is given in a file or by its input. */
export function patchFrom(call: ProgramCall, file: ShellWord | undefined): Patch {
  if (file !== undefined && file.text !== "-") return inFile(call, file);
  const { input } = call.command;
  if (input.from === "file") return inFile(call, input.target);
  if (input.from === "text") return { text: input.text, ofTracked: false };
  return input.from === "pipe" ? fromPipe(call, input) : UNKNOWN;
}

function inFile(call: ProgramCall, file: ShellWord): Patch {
  const [folder, ...others] = call.folders;
  if (!file.known || file.glob || folder === undefined || others.length > 0) return UNKNOWN;
  const found = lookInto(call, [resolvePath(folder, file.text)]);
  // Of what isn't there nothing is applied.
  if (found === "missing") return { text: "", ofTracked: false };
  return typeof found === "object" ? { text: found.text, ofTracked: false } : UNKNOWN;
}

function fromPipe(call: ProgramCall, { by }: Extract<ShellInput, { from: "pipe" }>): Patch {
  if (by === undefined) return UNKNOWN;
  const [, file] = by.words;
  if (isCat(by) && file !== undefined) return inFile(call, file);
  const ofTracked = isDiffOfGit(by);
  const named = by.words.filter(({ text, known }) => known && !text.startsWith("-"));
  return { text: outputOf(by), ofTracked, ...(ofTracked ? { named } : {}) };
}

function isDiffOfGit({ words }: SimpleCommand): boolean {
  const line = words.map(({ text }) => text).join(" ");
  return /^git (-C \S+ |--no-pager )*(diff|show|log|format-patch|stash show)\b(?!.* --no-index)/.test(line);
}

const HEADER = /^(?:(?:---|\+\+\+|rename (?:from|to)|copy to) (?<name>[^\t\n]+)|diff --git (?<both>.+))$/gm;

/** The names in a patch's headers, without the first `strip` folders; null where it has none that can be read. */
export function targetsOf({ text }: Patch, strip: number): readonly string[] | null {
  if (text === null) return null;
  if (text.trim() === "") return [];
  const names = new Set<string>();
  for (const { groups, 0: line } of text.matchAll(HEADER)) {
    const isPlain = line.startsWith("rename") || line.startsWith("copy");
    // A name with blanks is told by the other headers; one in quotes holds escapes.
    const both = /^(\S+) (\S+)$/.exec(groups?.["both"] ?? "")?.slice(1) ?? [];
    for (const name of groups?.["name"] === undefined ? both : [groups["name"].trimEnd()]) {
      if (name === "/dev/null") continue;
      if (name.startsWith('"')) return null;
      names.add(isPlain ? name : name.split("/").slice(strip).join("/"));
    }
  }
  names.delete("");
  return names.size === 0 ? null : [...names];
}

/** The working tree as the patch finds it: what it changes is lost where it was nowhere else. */
export function judgeTargets(call: ProgramCall, patch: Patch, targets: readonly string[] | null): void {
  call.add("git.write");
  if (targets === null) {
    call.addByState("git.apply", (folder) => ({ fact: "changes", folder, against: "both", paths: null }));
    if (!patch.ofTracked) call.addByState("git.apply", anyUntracked);
    // Git puts there what steers tools, as if it were told to by name.
    for (const word of patch.named ?? [])
      for (const path of resolveAll(call.folders, word.text))
        if (/^(protected|policy|instructions)$/.test(placeOf(path, call.around)))
          call.writesPath(path, "create");
    return;
  }
  // Git reads names from the top of the repository, and `patch` from where it runs.
  const folders = [...new Set([...call.folders, ...call.around.roots.slice(0, 1)])];
  if (call.command.folders === null) call.add("unclear.folder");
  const paths = folders.flatMap((folder) => targets.map((name) => resolvePath(folder, name)));
  for (const path of paths) call.writesPath(path, "create");
  const [folder = "/"] = call.folders;
  const literal = paths.map((path) => path.replace(/[*?[\]\\]/g, "\\$&"));
  if (literal.length > 0)
    call.add("git.apply", [{ fact: "files", folder, paths: literal, act: "write", recursive: false }]);
}

function anyUntracked(folder: string): FactQuery {
  const all = { paths: [":/"], ignored: "keep", folders: true, repositories: false } as const;
  return { fact: "untracked", folder, ...all };
}
