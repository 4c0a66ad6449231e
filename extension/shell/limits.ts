/** Characters of a command that are parsed. 400 lines of script take 100 ms in any parser; an agent's line is shorter. */
export const MAX_TEXT = 32 * 1024;
/** Nested shells, functions and substitutions, at most. */
export const MAX_DEPTH = 24;
/** Simple commands of one script, at most, after loops and functions were expanded. */
export const MAX_COMMANDS = 2_000;
/** Statements visited, at most: nested loops are walked more than once. */
export const MAX_STATEMENTS = 20_000;
/** Texts that are told for one reason why a script is not clear: a loop repeats them, and nobody reads more. */
export const MAX_UNCLEAR = 20;
/** Values of a loop variable that are followed one by one; beyond that it is unknown. */
export const MAX_LOOP_VALUES = 16;
/** Words that one brace expansion may make. */
export const MAX_BRACE_WORDS = 64;
/** Folders that a command may be in after `cd`s that can fail. */
export const MAX_FOLDERS = 4;
