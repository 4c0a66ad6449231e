import { visible } from "../text/visible.ts";

/** Says something on standard error, as ours. */
export function complain(text: string): void {
  process.stderr.write(`interlock: ${visible(text)}\n`);
}
