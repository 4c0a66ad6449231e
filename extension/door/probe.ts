import { analyse } from "../guard/analyse.ts";
import type { Probe } from "../policy/examples.ts";
import type { ShellScript } from "../shell/command.ts";
import { parseShell } from "../shell/parse.ts";

const ROOT = "/project";
const AROUND = { roots: [ROOT], home: "/home/person", temporary: ["/tmp"] };

/** What the examples of a policy would do: read and analysed like any line, in a project that exists nowhere. */
export const probe: Probe = {
  root: ROOT,
  effects: (line) => analyse(read(line), AROUND).effects,
  commands: (line) =>
    read(line).commands.map(({ words }) => words.map(({ known, text }) => (known ? text : null))),
};

function read(line: string): ShellScript {
  return parseShell(line, { cwd: ROOT, home: AROUND.home });
}
