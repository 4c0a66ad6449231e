import { isUtf8 } from "node:buffer";

/** Text that is compared word by word. */
export const MAX_TEXT = 512 * 1024;

/** Null for what is no text, or too large to be compared as such. */
export function textOf(data: Buffer | null): string | null {
  return data === null || data.length > MAX_TEXT || data.includes(0) || !isUtf8(data)
    ? null
    : data.toString("utf8");
}
