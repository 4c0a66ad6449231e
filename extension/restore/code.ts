import { createHash } from "node:crypto";
import { lstat, open, realpath } from "node:fs/promises";
import { codeKey, type CodeAnswer, type CodeQuery } from "../guard/code/lookup.ts";

/** As long as a line that is parsed may be, and some more for a package.json. */
const MAX_BYTES = 64 * 1024;

/** Reads the files that decide what a command runs: only those that are named, and each up to a bound. */
export async function readCode(queries: readonly CodeQuery[]): Promise<ReadonlyMap<string, CodeAnswer>> {
  const distinct = new Map(queries.map((query) => [codeKey(query), query]));
  return new Map(
    await Promise.all(
      [...distinct].map(async ([key, query]): Promise<[string, CodeAnswer]> => [key, await readFirst(query)]),
    ),
  );
}

async function readFirst({ paths }: CodeQuery): Promise<CodeAnswer> {
  for (const path of paths) {
    const info = await lstat(path).catch(() => null);
    if (info !== null) return readText(path).catch((): CodeAnswer => "unreadable");
  }
  return "missing";
}

async function readText(path: string): Promise<CodeAnswer> {
  const real = await realpath(path);
  // Reading from a pipe or a device would wait.
  if (!(await lstat(real)).isFile()) return "unreadable";
  const bytes = Buffer.alloc(MAX_BYTES + 1);
  const file = await open(real);
  try {
    const { bytesRead } = await file.read(bytes, 0, MAX_BYTES + 1, 0);
    return textOf(path, bytes.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function textOf(path: string, bytes: Buffer): CodeAnswer {
  if (bytes.length > MAX_BYTES || bytes.includes(0)) return "unreadable";
  return { path, text: bytes.toString("utf8"), hash: createHash("sha256").update(bytes).digest("hex") };
}
