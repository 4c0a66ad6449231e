import * as l10n from "@vscode/l10n";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { transcriptFolder } from "../sessions/transcript.ts";
import type { SessionBook } from "./book.ts";

/** Bytes of a transcript that are looked at: it begins with the agent and the first prompt. */
const HEAD_BYTES = 32 * 1024;
/** Sessions of earlier windows whose transcripts are looked at. */
const MAX_LOOKED = 50;
const PROMPT_CHARACTERS = 60;

/** What sessions are called: those of this window as the panel calls them, earlier ones as their transcripts begin. */
export async function sessionNames(
  book: SessionBook,
  stateDirectory: string,
  root: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const others: string[] = [];
  for (const id of new Set(ids)) {
    const header = book.byId(id)?.conversation.header;
    if (header === undefined) others.push(id);
    else names.set(id, header.title === undefined ? header.agent : `${header.agent}: ${header.title}`);
  }
  const folder = transcriptFolder(stateDirectory, root);
  await Promise.all(
    others.slice(0, MAX_LOOKED).map(async (id) => {
      const name = await nameIn(join(folder, `${id}.jsonl`)).catch(() => undefined);
      names.set(id, name ?? l10n.t("session {0}", id.slice(0, 8)));
    }),
  );
  return names;
}

async function nameIn(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const lines = buffer.subarray(0, bytesRead).toString("utf8").split("\n");
    // The last line may be cut off.
    return nameFrom(lines.flatMap((line) => eventIn(line) ?? []));
  } finally {
    await file.close();
  }
}

interface Beginning {
  readonly type?: unknown;
  readonly agent?: { readonly name?: unknown };
  readonly title?: unknown;
  readonly prompt?: unknown;
}

function nameFrom(events: readonly Beginning[]): string | undefined {
  const agent = events.find(({ type }) => type === "session.opened")?.agent?.name;
  const title = events.findLast(({ type }) => type === "session.title")?.title;
  const prompt = events.find(({ type }) => type === "turn.started")?.prompt;
  const about = [title, prompt].find((text) => typeof text === "string" && text !== "");
  const words = typeof about === "string" ? about.split("\n")[0]?.slice(0, PROMPT_CHARACTERS) : undefined;
  return [agent, words].filter((part) => typeof part === "string").join(": ") || undefined;
}

function eventIn(line: string): Beginning | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
