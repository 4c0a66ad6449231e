import type { Analyser } from "../call.ts";

/** A program that only tells something where its first word is one of these. */
function tells(words: RegExp): Analyser {
  return (call) => {
    const isTold = words.test(call.args[0]?.text ?? "") && !call.command.openEnded;
    call.add(isTold ? "read" : "unclear.program");
  };
}

/** Managers of the versions of languages: which there are, and which one is taken. */
const LISTS = /^(current|ls|list|versions?|which|where|whence|root|doctor|status|help|--version|--help|-v)$/;
/** The same of those that take another one for this shell alone; to `mise`, `use` means to install it. */
const SWITCHES = new RegExp(`${LISTS.source}|^use$`);

function all(names: string, analyser: Analyser): Record<string, Analyser> {
  return Object.fromEntries(names.split(" ").map((name) => [name, analyser]));
}

/** What comes with a language. */
export const toolchains: Readonly<Record<string, Analyser>> = {
  ...all("nvm fnm", tells(SWITCHES)),
  ...all("asdf mise volta pyenv rbenv nodenv goenv jenv", tells(LISTS)),
  // `jar tf`: what an archive holds.
  jar: tells(/^(-?t[vf]*|--list|--version)$/),
};
