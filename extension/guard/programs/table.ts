import { git } from "../git/git.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { archives } from "./archives.ts";
import { files } from "./files.ts";
import { network } from "./network.ts";
import { packages } from "./packages.ts";
import { readers } from "./readers.ts";
import { interpreters, runners } from "./runners.ts";
import { system } from "./system.ts";
import { text } from "./text.ts";

/** Every program that is understood, by name. */
const PROGRAMS: Readonly<Record<string, Analyser>> = {
  ...readers,
  ...runners,
  ...packages,
  ...interpreters(analyseProgram),
  ...network,
  ...system,
  ...archives,
  ...text,
  ...files,
  git,
};

/** `python3.12`, `pip3.11`, `gcc-13`: a version behind the name means the same program. */
const VERSIONED = /^(python|pypy|pip|gcc|g\+\+|clang|clang\+\+|node|ruby|perl|php|lua)-?\d+(\.\d+)*$/;

export function findAnalyser(program: string): Analyser | undefined {
  if (Object.hasOwn(PROGRAMS, program)) return PROGRAMS[program];
  const plain = VERSIONED.exec(program)?.[1];
  return plain === undefined ? undefined : PROGRAMS[plain];
}

function analyseProgram(call: ProgramCall): void {
  const analyser = findAnalyser(call.program);
  if (analyser === undefined) call.add("unclear.program");
  else analyser(call);
}
