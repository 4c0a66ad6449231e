// @ts-check

/** A failure that a person can do something about: one sentence, and what to do next. */
export class Stop extends Error {
  /**
   * @param {string} message
   * @param {string} next
   * @param {string} [details] What the failing program itself said.
   */
  constructor(message, next, details = "") {
    super(message);
    this.name = "Stop";
    this.next = next;
    this.details = details;
  }
}

/**
 * Prints a failure the way a person can use it: what went wrong, what to do, and only then the details.
 * @param {unknown} error
 */
export function printFailure(error) {
  if (!(error instanceof Stop)) {
    console.error(error);
    return;
  }
  if (error.details) console.error(error.details.replace(/^/gm, "  | "));
  console.error(`\n✗ ${error.message}\n  ${error.next}`);
}
