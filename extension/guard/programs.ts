import { git } from "./git/git.ts";
import type { Analyser, ProgramCall } from "./call.ts";
import { archives } from "./programs/archives.ts";
import { cloud } from "./programs/cloud.ts";
import { containers } from "./programs/docker.ts";
import { dotenv, recorded } from "./programs/around.ts";
import { files } from "./programs/files.ts";
import { frameworks } from "./programs/frameworks.ts";
import { interpreters } from "./programs/interpreters.ts";
import { network } from "./programs/network.ts";
import { packages } from "./programs/packages.ts";
import { readers } from "./programs/readers.ts";
import { isProjectTool, runners } from "./programs/runners.ts";
import { sql } from "./programs/sql.ts";
import { system } from "./programs/system.ts";
import { text } from "./programs/text.ts";
import { toolchains } from "./programs/toolchains.ts";

/** Programs that run the project's own code, or install what it needs. */
const PROJECT_PROGRAMS: Readonly<Record<string, Analyser>> = {
  ...runners,
  ...packages(findAnalyser),
  ...frameworks,
  ...interpreters(findAnalyser),
};

/** Every program that is understood, by name. */
const PROGRAMS: Readonly<Record<string, Analyser>> = {
  ...readers,
  ...toolchains,
  ...PROJECT_PROGRAMS,
  ...network,
  ...system,
  ...cloud,
  ...containers,
  ...sql,
  ...archives,
  ...text,
  ...files,
  git,
  dotenv,
  script: recorded,
};

/** Of the programs that change files those that builds start by the thousand, and that seldom lose anything. */
const TOO_COMMON = new Set(["touch", "mkdir", "mktemp", "chmod", "uniq", "interlock", "sleep"]);

/**
 * Programs that are worth a question right before they run, by whatever they were started: those by which work is lost, or
 * leaves the machine.
 */
export function riskyPrograms(): readonly string[] {
  const tables = { ...files, ...archives, ...sql, ...network, ...system, ...packages(findAnalyser) };
  return [...Object.keys(tables).filter((name) => !TOO_COMMON.has(name)), "git", "find", "patch"];
}

/** Programs to which `xargs` may add names of files: those do not change what is judged, or the program's own rule asks. */
const TAKES_FILES =
  /^(rm|cp|mv|ln|install|unlink|shred|mkdir|touch|chmod|[gmn]?awk|g?sed|find|dos2unix|unix2dos|(python|node)[\d.]*|git-lfs)$/;
/** Programs whose first word says what they do: without one it would come at run time. */
const TAKES_WORDS = /^(git|gh|glab|docker|podman|nerdctl|kubectl|helm|aws|gcloud|az|make|just|npx|bunx|uvx)$/;

/** Whether arguments that come at run time leave the judgement as it is. */
export function takesMore(call: ProgramCall): boolean {
  const { program } = call;
  if (TAKES_FILES.test(program) || Object.hasOwn(readers, program) || isProjectTool(program)) return true;
  return TAKES_WORDS.test(program) && call.args.some((word) => !word.text.startsWith("-"));
}

/** `python3.12`, `pip3.11`, `gcc-13`: a version behind the name means the same program. */
const VERSIONED = /^(python|pypy|pip|gcc|g\+\+|clang|clang\+\+|node|ruby|perl|php|lua)-?\d+(\.\d+)*$/;

export function findAnalyser(program: string): Analyser | undefined {
  if (Object.hasOwn(PROGRAMS, program)) return PROGRAMS[program];
  const plain = VERSIONED.exec(program)?.[1];
  return plain === undefined ? undefined : PROGRAMS[plain];
}

/** Whether what a program does is what the project's code says. */
export function runsProject(program: string): boolean {
  return Object.hasOwn(PROJECT_PROGRAMS, VERSIONED.exec(program)?.[1] ?? program);
}
