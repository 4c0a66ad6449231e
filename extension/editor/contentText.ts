import * as l10n from "@vscode/l10n";
import { isUtf8 } from "node:buffer";

/** Bytes of a file that a diff editor is given. */
export const MAX_SHOWN = 1024 * 1024;

/** A file's content as a diff editor shows it. `data` is null where it is too large to be read. */
export function contentText(data: Buffer | null, bytes: number): string {
  const isText = data !== null && bytes <= MAX_SHOWN && isUtf8(data) && !data.includes(0);
  return isText ? data.toString("utf8") : l10n.t("(binary or large: {0} bytes)", bytes);
}
