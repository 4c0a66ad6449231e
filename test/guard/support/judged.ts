import { analyse } from "../../../extension/guard/analyse.ts";
import type { Facts } from "../../../extension/guard/facts.ts";
import { judge, type Judgement } from "../../../extension/guard/judge.ts";
import type { Surroundings } from "../../../extension/guard/places.ts";
import type { Mode } from "../../../extension/policy/rules.ts";
import { parseShell } from "../../../extension/shell/parse.ts";

/** A project that exists nowhere: the two pure steps read nothing but the line. */
export const CWD = "/code/project";
export const AROUND: Surroundings = { roots: [CWD], home: "/home/me", temporary: ["/tmp", "/var/tmp"] };
const NOTHING_KNOWN: Facts = new Map();

export interface Judging {
  readonly cwd?: string;
  readonly mode?: Mode;
  readonly facts?: Facts;
  readonly shell?: string;
}

/** The verdict on a line by its text alone, or with the facts that are given. */
export function judged(
  line: string,
  { cwd = CWD, mode = "careful", facts = NOTHING_KNOWN, shell = "bash" }: Judging = {},
): Judgement {
  return judge(analyse(parseShell(line, { cwd, home: "/home/me", shell }), AROUND), facts, mode);
}
