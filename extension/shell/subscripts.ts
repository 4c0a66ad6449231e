import type { ShellWord } from "./command.ts";

/**
 * Arithmetic, tests and declarations evaluate what a word or a variable holds: of `a[$(CODE)]` the subscript, and with
 * it the code, however it was quoted.
 */
export function runsAsSubscript({ text }: ShellWord): boolean {
  return text.includes("[") && /\w\[.*(\$\(|`)/s.test(text);
}
