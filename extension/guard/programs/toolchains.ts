import type { Analyser } from "../call.ts";

/** A program that only tells something where its first word is one of these, or its only one asks for its version or help, and where none of its options does more. */
function tells(words: RegExp, alone: RegExp = ABOUT_ITSELF, more?: RegExp): Analyser {
  return (call) => {
    const [first, ...others] = call.args;
    const known = first?.known !== false && !call.command.openEnded;
    const isTold = words.test(first?.text ?? "") || (others.length === 0 && alone.test(first?.text ?? ""));
    const doesMore = more !== undefined && others.some(({ text }) => more.test(text));
    call.add(isTold && known && !doesMore ? "read" : "unclear.program");
  };
}

/** Only where nothing follows: in front of other words, some read these as no more than an option. */
const ABOUT_ITSELF = /^(help|--help|-h|--version)$/;
/** The same of those that have the short one; to mise, it means to say more. */
const ABOUT_ITSELF_SHORT = /^(help|--help|-h|--version|-v)$/;

/** Managers of the versions of languages: which there are, and which one is taken. */
const LISTS = /^(current|ls|list|versions?|which|where|whence|root|doctor|status)$/;
/** The same of those that take another one for this shell alone; to `mise`, `use` means to install it. */
const SWITCHES = new RegExp(`${LISTS.source}|^use$`);
/** With these, taking another version gets it, or writes it down. */
const KEEPS = /^--(install-if-missing|save|corepack-enabled)\b/;

function all(names: string, analyser: Analyser): Record<string, Analyser> {
  return Object.fromEntries(names.split(" ").map((name) => [name, analyser]));
}

/** What comes with a language. */
export const toolchains: Readonly<Record<string, Analyser>> = {
  ...all("nvm fnm", tells(SWITCHES, ABOUT_ITSELF_SHORT, KEEPS)),
  ...all("asdf volta pyenv rbenv nodenv goenv jenv", tells(LISTS, ABOUT_ITSELF_SHORT)),
  mise: tells(LISTS),
  // `jar tf`: what an archive holds.
  jar: tells(/^(-?t[vf]*|--list)$/),
};
