import * as l10n from "@vscode/l10n";
import { mkdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InterlockError, messageOf, systemCode } from "../../errors.ts";
import { writeAtomically } from "../../state/directory.ts";
import type { TextFiles } from "./access.ts";

/** Larger files are no text that an agent edits. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** What a new file gets before the umask, as from any editor. */
const NEW_FILE_MODE = 0o666;

/** Text files on the disk, without an editor. */
export const diskFiles: TextFiles = {
  async read(path) {
    try {
      const info = await stat(path);
      if (info.isDirectory()) throw folder(path);
      if (!info.isFile()) throw notText(path);
      if (info.size > MAX_TEXT_BYTES) throw tooLarge(path);
      const bytes = await readFile(path);
      return new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      if (error instanceof InterlockError) throw error;
      throw systemCode(error) === "ERR_ENCODING_INVALID_ENCODED_DATA"
        ? notText(path)
        : unreadable(path, error);
    }
  },

  /** Atomically, with the mode of the file it replaces, and through a link to what it points at. */
  async write(path, content) {
    try {
      const target = await realTarget(path);
      const mode = await stat(target).then(
        (info) => info.mode & 0o7777,
        () => NEW_FILE_MODE & ~process.umask(),
      );
      await mkdir(dirname(target), { recursive: true });
      await writeAtomically(target, content, { mode });
    } catch (error) {
      throw unwritable(path, error);
    }
  },
};

/** Links that point at nothing are followed this far, as Linux does. */
const MAX_LINKS = 40;

/** The file that a path means once links are followed, whether it exists or would be made there. */
export async function realTarget(path: string, links = 0): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  // A link to what doesn't exist yet: writing through it makes the file that it points at.
  const pointsAt = links < MAX_LINKS ? await readlink(path).catch(() => null) : null;
  if (pointsAt !== null) return realTarget(resolve(dirname(path), pointsAt), links + 1);
  const parent = dirname(path);
  return parent === path ? path : join(await realTarget(parent, links), basename(path));
}

function folder(path: string): InterlockError {
  return new InterlockError({
    code: "fs.folder",
    message: l10n.t("“{0}” is a folder.", path),
    next: l10n.t("Name a file in it; a command such as `ls` lists them."),
  });
}

function notText(path: string): InterlockError {
  return new InterlockError({
    code: "fs.not-text",
    message: l10n.t("“{0}” is not a text file in UTF-8.", path),
    next: l10n.t("Use a command that understands its format."),
  });
}

function tooLarge(path: string): InterlockError {
  return new InterlockError({
    code: "fs.too-large",
    message: l10n.t("“{0}” is larger than {1} bytes.", path, MAX_TEXT_BYTES),
    next: l10n.t("Read a part of it with a command such as `sed -n 1,200p`."),
  });
}

function unreadable(path: string, error: unknown): InterlockError {
  const missing = systemCode(error) === "ENOENT";
  return new InterlockError(
    {
      code: missing ? "fs.missing" : "fs.unreadable",
      message: missing
        ? l10n.t("There is no file “{0}”.", path)
        : l10n.t("“{0}” can't be read: {1}", path, messageOf(error)),
      next: l10n.t("Check the path."),
    },
    { cause: error },
  );
}

function unwritable(path: string, error: unknown): InterlockError {
  return new InterlockError(
    {
      code: "fs.unwritable",
      message: l10n.t("“{0}” can't be written: {1}", path, messageOf(error)),
      next: l10n.t("Check its permissions and the free space. Its content is unchanged."),
    },
    { cause: error },
  );
}
