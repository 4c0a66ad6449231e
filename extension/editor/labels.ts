import { visible } from "../text/visible.ts";

/** A word that pickers and the status bar would draw as an icon, as `$(whoami)` in a command. */
const ICON = /\$(?=\([a-z0-9-]+(?:~[a-z]+)?\))/g;
/** The middle of a link, which notifications would make clickable. */
const LINK = /\](?=\()/g;
/** Parts a word without being seen: nothing else keeps these texts as they are. */
const NOTHING = "\u200b";

/** A text of an agent in one line, for labels that know icons. */
export function plainLabel(text: string): string {
  return visible(text).replaceAll(/\n/g, "⏎ ").replaceAll(ICON, `$$${NOTHING}`);
}

/** A text that may hold an agent's words, for notifications: they would make links of some of it. */
export function plainMessage(text: string): string {
  return visible(text).replaceAll(LINK, `]${NOTHING}`);
}
