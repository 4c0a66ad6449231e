import { isUtf8 } from "node:buffer";
import { join } from "node:path";

/**
 * A path relative to some folder, with `/` between its parts, each byte as one character. Names of files are bytes
 * and need not be UTF-8.
 */
export type BytePath = string;

export function bytePath(text: string): BytePath {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** What the file system takes: text where that says it, else the bytes. */
export function onDisk(root: string, path: BytePath): string | Buffer {
  if (isAscii(path)) return join(root, path);
  return Buffer.concat([Buffer.from(`${root}/`, "utf8"), Buffer.from(path, "latin1")]);
}

/** For people: what is no UTF-8 shows its bytes as `\xNN`. */
export function shownPath(path: BytePath): string {
  if (isAscii(path)) return path;
  if (isText(path)) return Buffer.from(path, "latin1").toString("utf8");
  return path.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}

export function isText(path: BytePath): boolean {
  return isAscii(path) || isUtf8(Buffer.from(path, "latin1"));
}

export function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}
