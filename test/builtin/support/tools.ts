import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Why a test has to be skipped: the first of these programs that is not on the PATH. */
export function missing(...programs: readonly string[]): string | false {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const absent = programs.find((program) => !folders.some((folder) => existsSync(join(folder, program))));
  return absent === undefined ? false : `${absent} is not on the PATH`;
}
