import { quoteAll } from "../../shell/quote.ts";
import type { ShellWord } from "../../shell/command.ts";
import { arrivals } from "../arrivals.ts";
import type { ProgramCall } from "../call.ts";
import type { CodeAct } from "./acts.ts";

/** Adds what a program's text does to the call that runs it. */
export function judgeCode(call: ProgramCall, acts: readonly CodeAct[] | null): void {
  if (acts === null) {
    call.add("unclear.code");
    return;
  }
  call.add("read");
  for (const act of acts) judgeAct(call, act);
}

function judgeAct(call: ProgramCall, act: CodeAct): void {
  switch (act.does) {
    case "reads":
      call.reads([word(act.path)]);
      break;
    case "writes":
      call.writes(word(act.path), act.mode);
      break;
    case "deletes":
      call.deletes([word(act.path)], act.recursive);
      break;
    case "copies":
    case "moves": {
      const targets = arrivals([word(act.path)], word(act.to));
      for (const target of targets) call.writes(target, "overwrite");
      if (act.does === "copies") call.reads([word(act.path)]);
      else {
        call.writes(word(act.path), "create");
        call.moves([word(act.path)], targets);
      }
      break;
    }
    case "runs":
      call.effects.push(...call.nested(act.line, call.command.folders));
      break;
    case "executes":
      call.effects.push(...call.nested(quoteAll(act.argv), call.command.folders));
      break;
  }
}

function word(text: string): ShellWord {
  return { text, known: true, glob: false, start: 0, end: 0 };
}
