import type { CommandChoice } from "../extension/panel/protocol.ts";

/** Commands listed at a time; more are found by typing on. */
const CHOICES = 50;

/**
 * The commands that a draft may be about to name: it starts with a slash and the caret is still in its first word.
 * Names that begin with what was typed come first, then those that contain it.
 */
export function choicesFor(
  commands: readonly CommandChoice[],
  draft: string,
  caret: number,
): CommandChoice[] {
  const typed = /^\/(\S*)$/.exec(draft.slice(0, caret))?.[1]?.toLowerCase();
  if (typed === undefined || /^\S/.test(draft.slice(caret))) return [];
  const begins = commands.filter((command) => command.name.toLowerCase().startsWith(typed));
  const contains = commands.filter(
    (command) => !begins.includes(command) && command.name.toLowerCase().includes(typed),
  );
  return [...begins, ...contains].slice(0, CHOICES);
}

/** The draft with a chosen command in place of what was typed of it. */
export function complete(
  choice: CommandChoice,
  draft: string,
  caret: number,
): { draft: string; caret: number } {
  const start = `/${choice.name} `;
  const rest = draft.slice(caret).replace(/^\s+/, "");
  return { draft: start + rest, caret: start.length };
}
