import type { ShellScript, SimpleCommand } from "../shell/command.ts";

/**
 * The canonical form of a command: the same act has the same key at every doorway, whether it arrives as a line or as
 * an argument list, and two different acts never share one. Only a single command of literal words is free of the
 * way in which it was written; of anything else the text itself is the key.
 */
export function callKey(script: ShellScript): string {
  const [only, ...more] = script.commands;
  const plain =
    only !== undefined && more.length === 0 && script.unclear.length === 0 && isPlain(only, script.text);
  return plain ? only.words.map((word) => word.text).join("\0") : script.text.trim();
}

/** Nothing but a program and its arguments, from the text's first word to its last. */
function isPlain(command: SimpleCommand, text: string): boolean {
  const { words, wrappers, assignments, redirects, input, span, openEnded } = command;
  return (
    words.length > 0 &&
    words.every((word) => word.known && !word.glob) &&
    wrappers.length + assignments.length + redirects.length === 0 &&
    input.from === "inherited" &&
    span !== null &&
    text.slice(0, span.start).trim() === "" &&
    text.slice(span.end).trim() === "" &&
    !openEnded
  );
}
