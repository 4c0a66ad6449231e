import type { Played, Question } from "./play.ts";

export const perHour = ({ questions, minutes }: Played): number => (questions.length * 60) / minutes;

/** The smallest value that so large a share of the values doesn't exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** What a campaign came to, as Markdown: the figures, then what was asked and why, and what went wrong. */
export function told(played: readonly Played[]): string {
  const rates = played.map(perHour);
  const minutes = played.reduce((sum, each) => sum + each.minutes, 0);
  const calls = played.reduce((sum, each) => sum + each.calls, 0);
  const head = [
    `${played.length} sessions, ${calls} tool calls, about ${(minutes / 60).toFixed(1)} hours of work:`,
    "",
    `- questions an hour of work: median ${quantile(rates, 0.5).toFixed(1)}, 90th percentile ${quantile(rates, 0.9).toFixed(1)}`,
    `- questions: ${count(played, "questions")}; refused: ${count(played, "refused")}; alarms: ${count(played, "alarms")}`,
  ];
  return [...head, ...played.flatMap(linesOf)].join("\n");
}

const count = (played: readonly Played[], what: "questions" | "refused" | "alarms"): number =>
  played.reduce((sum, each) => sum + each[what].length, 0);

function linesOf({ script, questions, refused, alarms, problems }: Played): readonly string[] {
  const line = (what: string, text: string): string => `- ${script.name}, ${what}: ${text}`;
  const question = ({ asked, rule, reason }: Question): string => `${code(asked)}: ${reason} (${rule})`;
  return [
    ...questions.map((each) => line("asked", question(each))),
    ...refused.map((each) => line("refused", question(each))),
    ...alarms.map((each) => line("alarm", each)),
    ...problems.map((each) => line("off its script", code(each))),
  ];
}

const code = (text: string): string => `\`\`${text.replace(/\s*\n\s*/g, " ⏎ ").trim()}\`\``;
