import { existsSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";

/** Folders for throw-away files, as they are named and as they really are: `/tmp` can be a link. */
export function temporaryFolders(environment: NodeJS.ProcessEnv): readonly string[] {
  const named = ["/tmp", "/var/tmp", tmpdir(), environment["TMPDIR"]].filter((each) => each !== undefined);
  const real = named.filter((each) => existsSync(each)).map((each) => realpathSync(each));
  return [...new Set([...named, ...real])].map((each) => each.replace(/\/+$/, ""));
}

/** Lines of agents are written for bash; where there is none, any POSIX shell reads most of them. */
export function findShell(): string {
  return ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"].find((path) => existsSync(path)) ?? "/bin/sh";
}
