import { quote } from "../../shell/quote.ts";

/** How a person's shell is started so that the programs that ask come first on its PATH once its own files are read. */
export interface ShellStart {
  readonly args: readonly string[];
  /** A line that is typed for the person once it is there, where the shell takes nothing else. */
  readonly typed?: string;
}

/** Where such a shell leaves what it gives to all that it starts, as `export -p` prints it. */
export interface ShellPlaces {
  /** The folder that is to be first on its PATH. */
  readonly bin: string;
  readonly given: string;
}

/** The file of commands that bash reads in place of the person's, which it reads first. */
export function bashFile(places: ShellPlaces): string {
  return `# Interlock: the programs that ask come before what your own files put on the PATH.
if [ -r ~/.bashrc ]; then . ~/.bashrc; fi
${begin(places)}
`;
}

/** Null for a shell that isn't known. `file`: where `bashFile` was written. */
export function shellStart(shell: string, places: ShellPlaces, file: string): ShellStart | null {
  switch (shell.split("/").at(-1)) {
    case "bash":
      return { args: ["--init-file", file] };
    case "fish":
      return { args: ["--init-command", `set -gx PATH ${quote(places.bin)} $PATH`] };
    case "zsh":
    case "ksh":
    case "mksh":
    case "dash":
    case "ash":
    case "sh":
      return { args: [], typed: ` ${begin(places)}` };
    default:
      return null;
  }
}

function begin({ bin, given }: ShellPlaces): string {
  const folder = quote(bin);
  return `case $PATH in ${folder}:*) ;; *) export PATH=${folder}:"$PATH" ;; esac; export -p > ${quote(given)}`;
}
