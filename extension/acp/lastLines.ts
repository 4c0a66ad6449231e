/** Lines kept for a crash report, and their length. */
const LINES = 40;
const CHARACTERS = 500;

/** The end of a stream of text, as lines. */
export class LastLines {
  #lines: string[] = [];
  #open = "";

  push(text: string): void {
    const parts = (this.#open + text).split(/\r?\n/);
    this.#open = (parts.pop() ?? "").slice(-CHARACTERS);
    this.#lines = [...this.#lines, ...parts.slice(-LINES).map((line) => line.slice(0, CHARACTERS))].slice(
      -LINES,
    );
  }

  lines(): readonly string[] {
    return [...this.#lines, this.#open].filter((line) => line.trim() !== "").slice(-LINES);
  }
}
