import programs from "../corpus/programsJudged.json" with { type: "json" };

/**
 * Lines that can't be tried here, because their programs are not there or would reach a service: what a careful
 * person expects of each, seen from the state `project`.
 */
export interface Judged {
  readonly name: string;
  readonly ask: readonly string[];
  readonly deny: readonly string[];
  readonly allow: readonly string[];
}

/** The first reading, before anything was mended for them: 423 of 462 not allowed, 9 of 13 refused, 39 of 327 asked. */
export const JUDGED: readonly Judged[] = [{ name: "programs", ...programs }];
