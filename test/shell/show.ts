import type { ShellScript, ShellWord, SimpleCommand } from "../../extension/shell/command.ts";

/** Everything that the shell room says of a line, one short text for each command and one for each unclear thing. */
export function show(script: ShellScript, cwd: string): readonly string[] {
  return [
    ...script.commands.map((command) => showCommand(command, cwd)),
    ...script.unclear.map(({ why }) => `!${why}`),
  ];
}

/** `env> A=1 rm ‹a b› ?x * …` with `@folder` and `<input` and `>file` behind it. */
function showCommand(command: SimpleCommand, cwd: string): string {
  const { wrappers, assignments, words, redirects, input, folders, openEnded } = command;
  return [
    ...wrappers.map((wrapper) => `${wrapper}>`),
    ...assignments.map(({ name, value }) => `${name}=${showWord(value)}`),
    ...words.map((word) => showWord(word)),
    ...(openEnded ? ["…"] : []),
    ...redirects.map(({ mode, target }) => `${MARK[mode]}${showWord(target)}`),
    ...(input.from === "pipe" ? ["<|"] : []),
    ...(input.from === "text" ? [`<<${input.text === null ? "?" : JSON.stringify(input.text)}`] : []),
    ...showFolders(folders, cwd),
  ].join(" ");
}

const MARK = { read: "<", write: ">", append: ">>", readwrite: "<>" } as const;

/** `?` in front: known only at run time. `*` in front: a pattern. Blanks and nothing stand between marks. */
function showWord({ text, known, glob }: ShellWord): string {
  const plain = /^[^\s‹›]+$/.test(text) ? text : `‹${text.replaceAll("\n", "⏎")}›`;
  return `${known ? "" : "?"}${glob ? "*" : ""}${plain}`;
}

function showFolders(folders: readonly string[] | null, cwd: string): readonly string[] {
  if (folders === null) return ["@?"];
  if (folders.length === 1 && folders[0] === cwd) return [];
  return [`@${folders.map((folder) => (folder === cwd ? "." : folder.replace(`${cwd}/`, ""))).join("|")}`];
}
