import * as l10n from "@vscode/l10n";
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail, InterlockError, messageOf, ok, type Problem, type Result, systemCode } from "../../errors.ts";
import { PRIVATE_FILE, privateFolder, writeAtomically } from "../../state/directory.ts";
import { withLock } from "../../state/lock.ts";
import { entryIn } from "./archive.ts";
import { cancelled, fetchBytes } from "./fetchBytes.ts";
import { readListing } from "./listing.ts";
import {
  type Build,
  buildFor,
  entryOf,
  type Machine,
  machineName,
  PINS,
  programName,
  PROVIDED_TOOLS,
  type ProvidedTool,
  thisMachine,
} from "./pins.ts";
import { type Registry, registryOf, type SettingPlaces } from "./registries.ts";
import { type Brought, Shelf, STAMP_FILE, type Stamp } from "./shelf.ts";

/** What would be fetched, from where and to where: what a person says yes to. */
export interface ToolOffer {
  readonly tool: ProvidedTool;
  readonly version: string;
  /** Bytes that are fetched. */
  readonly size: number;
  readonly from: Registry["from"];
  /** The registry that the person's settings choose, without its login. */
  readonly host: string;
  readonly folder: string;
}

export interface GetOptions {
  readonly signal?: AbortSignal;
  /** Bytes that have come so far; the offer says of how many. */
  readonly progress?: (received: number) => void;
}

export interface ProvidedToolsOptions extends SettingPlaces {
  /** The folder in the state directory. */
  readonly folder: string;
  /** Called when a program was brought or taken away. */
  readonly changed: () => void;
  readonly machine?: Machine;
}

/** Whoever reads the program may run it. */
const PROGRAM_MODE = 0o755;

/**
 * Programs that Interlock brings where a person has none: pinned, from the registry that the person's settings choose, compared with
 * the pinned hash before anything of the file is used. Nothing is fetched but by `get`, which is handed what the person said yes to.
 */
export class ProvidedTools {
  readonly #options: ProvidedToolsOptions;
  readonly #shelf: Shelf;
  #known: Machine | undefined;

  constructor(options: ProvidedToolsOptions) {
    this.#options = options;
    this.#shelf = new Shelf(options.folder, () => this.#machine);
  }

  /** One that was brought, and is as it was; null for other names as well. */
  find(name: string): Brought | null {
    const tool = providedTool(name);
    return tool === null ? null : this.#shelf.find(tool);
  }

  /** What would be fetched for a tool, or why nothing can be. Asks no network. */
  offer(tool: ProvidedTool): Result<ToolOffer> {
    const build = this.#build(tool);
    if (!build.ok) return build;
    const registry = registryOf(PINS[tool].from, this.#options);
    return registry.ok ? ok(this.#offered(tool, build.value, registry.value)) : registry;
  }

  /** Fetches what was offered. One host at a time fetches a tool: the second one finds what the first one brought. */
  async get(
    offer: ToolOffer,
    { signal = new AbortController().signal, progress }: GetOptions = {},
  ): Promise<Result<Brought>> {
    const { tool, host, version } = offer;
    const build = this.#build(tool);
    const registry = registryOf(PINS[tool].from, this.#options);
    if (!build.ok || !registry.ok) return build.ok ? (registry as Result<never>) : build;
    if (registry.value.url.host !== host || PINS[tool].version !== version) return fail(changedSince(offer));
    try {
      const brought = await this.#alone(tool, signal, async () => {
        const there = this.#shelf.find(tool);
        if (there?.version === version) return there;
        const archive = await this.#fetch(build.value, registry.value, {
          signal,
          ...(progress === undefined ? {} : { progress }),
        });
        return this.#unpack(tool, archive, signal);
      });
      this.#options.changed();
      return ok(brought);
    } catch (error) {
      if (error instanceof InterlockError) return fail(error);
      return fail(notWritten(this.#options.folder, error));
    }
  }

  /** Takes away what was brought of a tool. False where nothing was. */
  async remove(tool: ProvidedTool): Promise<boolean> {
    const removed = await this.#alone(tool, new AbortController().signal, () => this.#shelf.remove(tool));
    this.#options.changed();
    return removed;
  }

  get #machine(): Machine {
    this.#known ??= this.#options.machine ?? thisMachine();
    return this.#known;
  }

  #build(tool: ProvidedTool): Result<Build> {
    const build = buildFor(tool, this.#machine);
    if (build !== null) return ok(build);
    return fail({
      code: "tool.platform",
      message: l10n.t(
        "{0} {1} has no build for this machine ({2}).",
        tool,
        PINS[tool].version,
        machineName(this.#machine),
      ),
      next: l10n.t("Install {0} yourself: it is used as soon as it is on the PATH.", tool),
    });
  }

  #offered(tool: ProvidedTool, { size }: Build, { from, url }: Registry): ToolOffer {
    return { tool, version: PINS[tool].version, size, from, host: url.host, folder: this.#shelf.folder };
  }

  async #alone<Value>(tool: ProvidedTool, signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    await privateFolder(this.#options.folder);
    for (;;) {
      let begun = false;
      try {
        return await withLock(join(this.#options.folder, `.${tool}.lock`), () => {
          begun = true;
          return work();
        });
      } catch (error) {
        // Another window fetches it, which takes longer than a lock is waited for.
        if (begun || systemCode(error) !== "EBUSY") throw error;
        if (signal.aborted) throw cancelled();
      }
    }
  }

  async #fetch(
    build: Build,
    registry: Registry,
    options: Required<Pick<GetOptions, "signal">> & GetOptions,
  ): Promise<Buffer> {
    const { signal } = options;
    const files = await readListing(registry, build.package, signal);
    const found = files.find(({ file }) => file === build.file);
    if (found === undefined) throw notListed(build, registry);
    const { bytes } = await fetchBytes(found.url, { registry, maxBytes: build.size, ...options });
    if (!isPinned(bytes, build.hash)) throw otherBytes(build, found.url);
    return bytes;
  }

  async #unpack(tool: ProvidedTool, archive: Buffer, signal: AbortSignal): Promise<Brought> {
    const { platform } = this.#machine;
    const unfinished = this.#shelf.unfinished(tool);
    await this.#shelf.sweep(tool);
    try {
      await privateFolder(unfinished);
      const path = join(unfinished, programName(tool, platform));
      const entry = await entryIn(archive, entryOf(tool, platform));
      if (entry === null) throw new Error(`${entryOf(tool, platform)} is not in the file.`);
      const hash = createHash("sha256");
      const hashing = new Transform({
        transform(chunk: Buffer, _, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      await pipeline(entry, hashing, createWriteStream(path, { flags: "wx", mode: PROGRAM_MODE }), {
        signal,
      });
      await chmod(path, PROGRAM_MODE);
      const { size, mtimeMs } = await stat(path);
      const toolVersion = PINS[tool].version;
      const stamp: Stamp = { version: 1, tool, toolVersion, sha256: hash.digest("hex"), size, mtimeMs };
      await writeAtomically(join(unfinished, STAMP_FILE), `${JSON.stringify(stamp)}\n`, {
        mode: PRIVATE_FILE,
      });
      await this.#shelf.put(tool, unfinished);
    } catch (error) {
      if (signal.aborted) throw cancelled();
      throw error;
    } finally {
      await this.#shelf.sweep(tool);
    }
    const brought = this.#shelf.find(tool);
    if (brought === null) throw new Error(`${tool} is not where it was put.`);
    return brought;
  }
}

/** A name as one of the tools that can be brought. */
export function providedTool(name: string): ProvidedTool | null {
  return PROVIDED_TOOLS.find((tool) => tool === name) ?? null;
}

function isPinned(bytes: Buffer, pinned: string): boolean {
  const [, algorithm = "", form, digest] = /^(sha256|sha512)([:-])(.+)$/.exec(pinned) ?? [];
  return (
    createHash(algorithm)
      .update(bytes)
      .digest(form === ":" ? "hex" : "base64") === digest
  );
}

function changedSince({ tool }: ToolOffer): Problem {
  return {
    code: "tool.changed",
    message: l10n.t("Your settings name another registry for {0} than the one that you were told.", tool),
    next: l10n.t("Get it again."),
  };
}

function notListed({ file }: Build, { url }: Registry): InterlockError {
  return new InterlockError({
    code: "tool.absent",
    message: l10n.t("{0} doesn't have {1}.", url.host, file),
    next: l10n.t("Ask whoever runs that registry, or install the tool yourself."),
  });
}

function otherBytes({ file }: Build, { host }: URL): InterlockError {
  return new InterlockError({
    code: "tool.hash",
    message: l10n.t("What {0} sent as {1} is not the file that is pinned.", host, file),
    next: l10n.t("Nothing was kept of it. Ask whoever runs that registry."),
  });
}

function notWritten(folder: string, error: unknown): Problem {
  const full = ["ENOSPC", "EDQUOT", "EFBIG"].includes(systemCode(error) ?? "");
  return {
    code: full ? "tool.space" : "tool.write",
    message: full
      ? l10n.t("There is no room for it in {0}.", folder)
      : l10n.t("It could not be put into {0}: {1}", folder, messageOf(error)),
    next: full ? l10n.t("Make room, and get it again.") : l10n.t("See whether you may write there."),
  };
}
