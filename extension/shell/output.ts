import type { SimpleCommand } from "./command.ts";
import { LAST_JOB } from "./words.ts";

/** What `cat <<END`, `echo` and `printf` print, where it is literal. */
export function outputOf({ words, input }: SimpleCommand): string | null {
  const [program, ...args] = words;
  const texts = args.map(({ text }) => text);
  if (program === undefined || args.some(({ known, glob, text }) => (!known && text !== LAST_JOB) || glob))
    return null;
  if (program.text === "cat") return texts.length === 0 && input.from === "text" ? input.text : null;
  // Shells differ in whether `echo` reads escapes.
  const plain = texts.every((text) => !/^-|\\[abcefnrtv0x\\]/.test(text));
  if (program.text === "echo") return plain ? `${texts.join(" ")}\n` : null;
  if (program.text !== "printf") return null;
  const [format = "", ...more] = texts;
  // Each argument in turn, as far as the format is that simple.
  if (/^%s(\\n)?$/.test(format)) return more.map((text) => text + (format === "%s" ? "" : "\n")).join("");
  if (more.length > 0 || /^-|%|\\[^nt\\"']/.test(format)) return null;
  return format.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char === "t" ? "\t" : char));
}
