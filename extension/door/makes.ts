import { join } from "node:path";
import type { Effect } from "../guard/effect.ts";
import { isPattern, placeOfPattern } from "../guard/sequence.ts";
import type { Loss } from "../guard/loss.ts";
import type { Making } from "../restore/made.ts";
import type { SimpleCommand } from "../shell/command.ts";
import { resolvePath } from "../shell/path.ts";

/** Files and folders that an act writes or removes by name, and what is seen to be lost by it: absolute paths. */
export function touches(effects: readonly Effect[], loss: Loss | null): readonly string[] {
  const named = effects.flatMap(({ kind, paths = [] }) =>
    kind === "read" || kind === "secret" ? [] : paths,
  );
  const lost = loss === null ? [] : loss.files.map(({ path }) => join(loss.root, path));
  return [...new Set([...named.filter((path) => !isPattern(path)), ...lost])];
}

/** Where an act may take something away, as far as its words name it: absolute paths, of a pattern the folder that it begins in. */
export function reaches(effects: readonly Effect[], cwd: string | null): readonly string[] {
  const acting = effects.filter(({ kind }) => kind !== "read" && kind !== "secret");
  const needs = acting.flatMap((effect) => effect.needs);
  const named = [
    ...acting.flatMap(({ paths = [] }) => paths),
    ...acting.flatMap(({ at }) => at?.path ?? []),
    ...needs.flatMap((query) => (query.fact === "files" ? query.paths : [])),
    ...needs.map(({ folder }) => folder),
    cwd ?? "",
  ];
  const places = named.filter((path) => path.startsWith("/")).map((path) => placeOfPattern(path) || "/");
  return [...new Set(places)];
}

/**
 * Programs whose files hold nothing that isn't somewhere else as well, or that they were given for this. What edits in
 * place is among them: where nothing of the person's was in a file, nothing is afterwards.
 */
const MAKES = new Set(
  "touch mkdir tee cp mv curl wget sed perl awk sort python python3 node bun git".split(" "),
);
/** Effects beside which nothing of a person's gets into new files. */
const BESIDE: ReadonlySet<string> = new Set(
  "read run.project fs.write.temporary deps.install git.write".split(" "),
);
/** More words than this are a list, and not what is made. */
const MAX_WORDS = 50;

/**
 * The files that an act writes by name, and whether all that it does is to make them. What does something that isn't
 * seen here can put a person's own into a new file.
 */
export function makes(effects: readonly Effect[], commands: readonly SimpleCommand[]): Making {
  const paths = new Set<string>();
  const moved = effects.flatMap((effect) => effect.moved?.needs ?? []);
  const runs = effects.some(({ rule, paths }) => rule === "run.project" || (rule === "fs.write" && !paths));
  let only = true;
  for (const effect of effects) {
    const { rule, paths: written = [], by } = effect;
    if (rule !== "fs.write" && rule !== "fs.overwrite") only &&= BESIDE.has(rule);
    // A redirection belongs to no program, and a tool of the project says nowhere what it writes.
    const program = by?.[0]?.[0];
    const makesIt = program === undefined || MAKES.has(program ?? "") || written.length === 0;
    if (rule === "fs.write" || rule === "fs.overwrite") {
      only &&= makesIt;
      for (const path of effect.moved?.to ?? written) paths.add(path);
    }
  }
  return {
    writes: [...paths].filter((path) => !isPattern(path)),
    begins: [...paths].flatMap((path) => (BEGINS.test(path) ? [path.slice(0, -1)] : [])),
    mayMake: runs ? commands.flatMap(wordsAsPaths) : [],
    moved,
    only,
    commitsIn: commits(commands),
  };
}

/** The one folder in which it commits, or makes commits anew. */
function commits(commands: readonly SimpleCommand[]): string | null {
  const folders = commands.flatMap(({ words: [program, ...args], folders: where }) =>
    program?.text === "git" && args.some(({ text }) => /^(commit|rebase|cherry-pick|revert)$/.test(text))
      ? [where]
      : [],
  );
  const [[only, ...more] = []] = folders.map((where) => where ?? []);
  return folders.length === 0 || more.length > 0 ? null : (only ?? null);
}

/** A path of which only the last name goes on. */
const BEGINS = /^[^*?[\\]*[^*?[\\/]\*$/;

/** `tool --outdir=out data.csv`: what such words name and isn't there yet, a program of the project makes. */
function wordsAsPaths({ words, folders }: SimpleCommand): readonly string[] {
  const [folder, ...others] = folders ?? [];
  if (folder === undefined || others.length > 0 || words.length > MAX_WORDS) return [];
  const named = words.slice(1).flatMap(({ text, known }) => (known ? [text.replace(/^-[^=]*=?/, "")] : []));
  return named.filter((text) => text !== "" && !isPattern(text)).map((text) => resolvePath(folder, text));
}
