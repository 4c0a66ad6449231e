import { visible } from "../../extension/panel/protocol.ts";

/** A stretch of output in one style. `classes` are the page's own, such as `ansi-red ansi-bold`. */
export interface Piece {
  readonly text: string;
  readonly classes: string;
}

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** Select Graphic Rendition; any other control sequence or string (cursor, title, hyperlink); a lone escape. */
// oxlint-disable-next-line no-control-regex -- escape sequences are what it looks for
const SEQUENCE =
  /\u001b\[([\d;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]/g;

/**
 * Terminal output as pieces of plain text with the theme's colours. Backgrounds and concealed text are left out, and
 * every colour becomes one of the theme's sixteen, so that nothing can be printed unreadably on purpose. Sequences
 * that would move a cursor are dropped; other control characters are shown as escapes.
 */
export function ansiPieces(output: string): Piece[] {
  const pieces: Piece[] = [];
  const style = new Style();
  let at = 0;
  const text = overwritten(output);
  const push = (plain: string): void => {
    if (plain !== "") pieces.push({ text: visible(plain), classes: style.classes() });
  };
  for (const match of text.matchAll(SEQUENCE)) {
    push(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[1] !== undefined) style.apply(match[1]);
  }
  push(text.slice(at));
  return pieces;
}

/** What a terminal would show of lines that return to their start to be written again, such as progress bars. */
function overwritten(output: string): string {
  if (!output.includes("\r")) return output;
  return output
    .replaceAll(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1).replaceAll("\r", ""))
    .join("\n");
}

class Style {
  #colour: string | undefined;
  #bold = false;
  #dim = false;
  #italic = false;
  #underline = false;

  classes(): string {
    const names = [
      this.#colour,
      this.#bold && "bold",
      this.#dim && "dim",
      this.#italic && "italic",
      this.#underline && "underline",
    ];
    return names.flatMap((name) => (name ? [`ansi-${name}`] : [])).join(" ");
  }

  apply(parameters: string): void {
    const codes = parameters === "" ? [0] : parameters.split(/[;:]/).map(Number);
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at] ?? 0;
      if (code === 38 || code === 48 || code === 58) {
        const { colour, used } = extended(codes, at + 1);
        if (code === 38) this.#colour = colour;
        at += used;
      } else this.#one(code);
    }
  }

  #one(code: number): void {
    if (code === 0) {
      this.#colour = undefined;
      this.#bold = this.#dim = this.#italic = this.#underline = false;
    } else if (code === 1) this.#bold = true;
    else if (code === 2) this.#dim = true;
    else if (code === 3) this.#italic = true;
    else if (code === 4) this.#underline = true;
    else if (code === 22) this.#bold = this.#dim = false;
    else if (code === 23) this.#italic = false;
    else if (code === 24) this.#underline = false;
    else if (code === 39) this.#colour = undefined;
    else if (code >= 30 && code <= 37) this.#colour = COLOURS[code - 30];
    else if (code >= 90 && code <= 97) this.#colour = bright(COLOURS[code - 90]);
  }
}

/** A colour given by number or by its parts, as the nearest of the theme's, and how many codes it took. */
function extended(codes: readonly number[], at: number): { colour: string | undefined; used: number } {
  if (codes[at] === 5) return { colour: byNumber(codes[at + 1] ?? 0), used: 2 };
  if (codes[at] === 2) {
    const [red = 0, green = 0, blue = 0] = codes.slice(at + 1, at + 4);
    return { colour: nearest(red, green, blue), used: 4 };
  }
  return { colour: undefined, used: 1 };
}

/** The 256 colours: 16 named ones, a cube of 6 × 6 × 6, and 24 greys. */
function byNumber(number: number): string | undefined {
  if (number < 8) return COLOURS[number];
  if (number < 16) return bright(COLOURS[number - 8]);
  if (number >= 232) return undefined;
  const cube = number - 16;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** Channels below half of the strongest are off; a colour without hue is the theme's own foreground. */
function nearest(red: number, green: number, blue: number): string | undefined {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  // Greys have no channel that stands out; a fifth of the range is where a tint begins to be seen.
  if (most - least < 51) return undefined;
  const on = (channel: number): number => (channel > (most + least) / 2 ? 1 : 0);
  const colour = COLOURS[on(red) + on(green) * 2 + on(blue) * 4];
  return most > 200 ? bright(colour) : colour;
}

function bright(colour: string | undefined): string | undefined {
  return colour === undefined ? undefined : `bright-${colour}`;
}

/** The last lines of an output, without the empty ones at its end. */
export function lastLines(output: string, lines: number): string {
  const text = output.replace(/[\r\n\t ]+$/, "");
  let at = text.length;
  for (let line = 0; line < lines && at >= 0; line += 1) at = text.lastIndexOf("\n", at - 1);
  return at < 0 ? text : text.slice(at + 1);
}
