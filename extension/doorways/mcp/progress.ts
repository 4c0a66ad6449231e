import { stripVTControlCharacters } from "node:util";

/** A client that hears nothing for long gives up: most wait a minute. */
const EVERY_MS = 1_000;
/** Characters of a command's last line: a person reads it beside a spinner. */
const LINE_CHARACTERS = 200;

/** Tells how a call goes on, while somebody wants to know: what it waits for, or the last line that its command wrote. */
export class Progress {
  readonly #timer: NodeJS.Timeout | undefined;
  #message = "";
  #step = 0;

  /** `token`: what the client gave for it; nothing is told where that is none. */
  constructor(token: unknown, tell: (told: object) => void) {
    if (typeof token !== "string" && typeof token !== "number") return;
    this.#timer = setInterval(() => {
      const message = this.#message === "" ? {} : { message: this.#message };
      tell({ progressToken: token, progress: ++this.#step, ...message });
    }, EVERY_MS);
  }

  say(message: string): void {
    this.#message = message;
  }

  output(text: string): void {
    const lines = stripVTControlCharacters(text).split(/[\r\n]+/);
    const last = lines.findLast((line) => line.trim() !== "");
    if (last !== undefined) this.#message = last.trim().slice(0, LINE_CHARACTERS);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
