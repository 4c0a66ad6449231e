/** An editor has one kind of line end and no byte order mark, whatever the file has: text as both can be compared. */
export function sameLines(text: string): string {
  return withoutMark(text).replaceAll(/\r\n?/g, "\n");
}

function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
