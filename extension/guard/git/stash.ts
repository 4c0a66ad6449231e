import type { Analyser } from "../call.ts";
import { losesMarked } from "./changes.ts";

/** Actions that add to the stash or to the working tree, and drop nothing that isn't there afterwards. */
const KEEPS = /^(push|save|pop|apply|branch|create|store|export|import|-.*)$/;

export const stash: Analyser = (call) => {
  const [action, ...rest] = call.args;
  const texts = rest.map((word) => word.text);
  if (action?.known === true && /^(list|show)$/.test(action.text)) call.add("read");
  else if (action === undefined || (action.known && KEEPS.test(action.text))) {
    call.add("git.write");
    if (texts.some((text) => text === "-p" || text.startsWith("--pat"))) call.add("unclear.options");
    // A ref that is there already would be overwritten.
    if (action?.text === "export" && !texts.includes("--print")) call.add("unclear.options");
    // Of named paths only what it has saved is taken back; otherwise it resets the whole.
    const saves = action === undefined || /^(push|save|-.*)$/.test(action.text);
    if (saves && !call.args.some(({ text }) => text === "--")) losesMarked(call);
    if (action?.text === "pop" && !texts.includes("--index")) {
      const entry = texts.find((text) => !text.startsWith("-")) ?? "stash@{0}";
      call.addByState("git.index.discard", (folder) => ({ fact: "popped", folder, entry }));
    }
  } else if (action.known && (action.text === "drop" || action.text === "clear")) {
    const entry =
      action.text === "clear" ? null : (texts.find((text) => !text.startsWith("-")) ?? "stash@{0}");
    call.addByState("git.stash.drop", (folder) => ({ fact: "stashes", folder, entry }));
  } else call.add("unclear.options");
};
