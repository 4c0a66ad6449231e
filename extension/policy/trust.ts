import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../state/directory.ts";

/** The text of a repository's policy that a person has accepted last. */
export interface Accepted {
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly hash: string;
  readonly text: string;
}

const acceptedFile = z.object({
  version: z.literal(1),
  /** Whose policy it is: the folder that all worktrees of the repository share. */
  repository: z.string(),
  hash: z.string(),
  text: z.string(),
  /** When, as ISO 8601 in UTC. */
  at: z.string(),
});

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Where the accepted text of a repository lies in the shared state. */
export function acceptedPath(stateDirectory: string, repository: string): string {
  return join(stateDirectory, "policy", `${hashOf(repository).slice(0, 32)}.json`);
}

/** Null where nothing was accepted, or the file isn't what a person's acceptance has written. */
export function readAccepted(path: string, repository: string): Accepted | null {
  const read = acceptedFile.safeParse(parse(path));
  if (!read.success || read.data.repository !== repository) return null;
  const { hash, text } = read.data;
  return hashOf(text) === hash ? { hash, text } : null;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

export async function writeAccepted(
  stateDirectory: string,
  repository: string,
  accepted: Accepted,
): Promise<void> {
  await privateFolder(join(stateDirectory, "policy"));
  const content = { version: 1, repository, ...accepted, at: new Date().toISOString() };
  const path = acceptedPath(stateDirectory, repository);
  await writeAtomically(path, `${JSON.stringify(content)}\n`, { mode: PRIVATE_FILE, sync: true });
}
