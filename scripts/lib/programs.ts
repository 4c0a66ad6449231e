import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is on the PATH of an environment, as a shell would find it. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    for (const suffix of suffixes) {
      const file = join(folder || ".", name + suffix);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
