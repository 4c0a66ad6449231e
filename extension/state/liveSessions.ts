import { createHash } from "node:crypto";
import { watch } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "./directory.ts";
import { type Holder, isAlive, thisProcess } from "./holder.ts";

const liveSession = z.object({
  version: z.literal(1),
  session: z.string(),
  /** What a person calls it. */
  name: z.string(),
  /** Top folders of the working trees that it works in. */
  trees: z.array(z.string()),
  /** Files that it changed, relative to their tree's top folder, and when, in milliseconds since the epoch. */
  touched: z._default(z.array(z.object({ tree: z.string(), path: z.string(), at: z.number() })), []),
  holder: z.object({ pid: z.number(), started: z.nullable(z.string()) }),
});

/** A session of a host that runs, as the others see it. */
export type LiveSession = Readonly<z.infer<typeof liveSession>>;
type Told = Pick<LiveSession, "session" | "name" | "trees"> & Partial<Pick<LiveSession, "touched">>;

/** The sessions of all hosts, by the repository that they work in. A host that was killed has none. */
export class LiveSessions {
  readonly #folder: string;
  #holder: Promise<Holder> | undefined;

  constructor(stateDirectory: string) {
    this.#folder = join(stateDirectory, "live-sessions");
  }

  /** `repository`: the folder that its worktrees share. */
  async announce(repository: string, told: Told): Promise<void> {
    this.#holder ??= thisProcess();
    const folder = this.#of(repository);
    await privateFolder(folder);
    const live: LiveSession = { version: 1, touched: [], ...told, holder: await this.#holder };
    await writeAtomically(join(folder, `${told.session}.json`), JSON.stringify(live), { mode: PRIVATE_FILE });
  }

  async end(repository: string, session: string): Promise<void> {
    await rm(join(this.#of(repository), `${session}.json`), { force: true });
  }

  /** Tells when any of them has something new to say; the call ends that. */
  async watch(repository: string, onChange: () => void): Promise<() => void> {
    const folder = this.#of(repository);
    await privateFolder(folder);
    try {
      const watcher = watch(folder, { persistent: false }, onChange);
      watcher.on("error", () => watcher.close());
      return () => watcher.close();
    } catch {
      // The system has no room for another watch: then this host tells what it sees by itself.
      return () => {};
    }
  }

  async list(repository: string): Promise<readonly LiveSession[]> {
    const folder = this.#of(repository);
    const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
    const found = await Promise.all(
      files.map(async (name) => {
        const path = join(folder, name);
        const live = readLive(await readFile(path, "utf8").catch(() => ""));
        if (live !== null && (await isAlive(live.holder))) return live;
        if (live !== null) await rm(path, { force: true });
        return null;
      }),
    );
    return found.filter((live) => live !== null);
  }

  #of(repository: string): string {
    return join(this.#folder, createHash("sha256").update(repository).digest("hex").slice(0, 16));
  }
}

function readLive(text: string): LiveSession | null {
  try {
    const read = liveSession.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
