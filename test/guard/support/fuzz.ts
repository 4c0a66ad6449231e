import type { ShellScript } from "../../../extension/shell/command.ts";
import { MAX_COMMANDS } from "../../../extension/shell/limits.ts";
import { analyse } from "../../../extension/guard/analyse.ts";
import { judge } from "../../../extension/guard/judge.ts";
import { parseShell } from "../../../extension/shell/parse.ts";
import { AROUND, CWD } from "./judged.ts";

/** Pieces of which lines are put together: what shells, git and interpreters give a meaning. */
const PIECES = (
  "rm git reset --hard -rf clean -fd stash drop checkout -- . .. / ~ * ? [a] {a,b} {1..9} $x ${x} ${x:-y} ${x[@]} $( ) ` ' \" \\ \n ; & && || | |& ! ( ) { } (( )) [[ ]] " +
  "> >> < <> >& <& &> <<< << <<- END 2>&1 if then else elif fi for in do done while until case esac select function x() x=1 x=(a export eval exec trap alias source . bash -c sh -s " +
  "env sudo xargs -I{} find -exec {} \\; + -delete timeout 5 nohup python3 -c node -e perl -pe import os os.remove('a') open('a','w') f\"{x}\" require('fs') .rmSync( ) => `${x}` s/a/b/e make npm run x # \t \u0000 é 𝒳 $'\\x41' coproc time"
).split(" ");

/** The same numbers for the same seed: a failure can be repeated. */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

function lineOf(next: () => number): string {
  const length = 1 + Math.floor(next() * 14);
  return Array.from(
    { length },
    () => PIECES[Math.floor(next() * PIECES.length)] + (next() < 0.7 ? " " : ""),
  ).join("");
}

/** Judges so many lines, and says what went wrong with the first that did. Null: nothing. */
export function fuzz(lines: number, seed: number): string | null {
  const next = random(seed);
  for (let n = 0; n < lines; n++) {
    const line = lineOf(next);
    try {
      const script: ShellScript = parseShell(line, { cwd: CWD, home: "/home/me" });
      if (script.commands.length > MAX_COMMANDS) return `too many commands: ${JSON.stringify(line)}`;
      const { verdict } = judge(analyse(script, AROUND), new Map(), "careful");
      if (script.unclear.length > 0 && verdict === "allow")
        return `unclear, and allowed: ${JSON.stringify(line)}`;
    } catch (error) {
      return `${String(error)}: ${JSON.stringify(line)}`;
    }
  }
  return null;
}
