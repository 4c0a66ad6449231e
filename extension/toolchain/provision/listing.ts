import * as l10n from "@vscode/l10n";
import * as z from "zod";
import { InterlockError } from "../../errors.ts";
import { fetchBytes } from "./fetchBytes.ts";
import { PUBLIC, type Registry } from "./registries.ts";

/** A file that a registry has of a package. */
export interface ListedFile {
  readonly file: string;
  readonly url: URL;
  /** As the registry writes it; null where it says none, or in a page for people. */
  readonly hash: string | null;
  readonly size: number | null;
}

/** PyPI's page of uv has 2.6 MB; a mirror's may be longer. */
const MAX_BYTES = 32_000_000;

/** The forms of PEP 691, and the page of PEP 503 that older mirrors answer with. */
const SIMPLE =
  "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
/** What npm itself asks for when it installs. */
const PACKUMENT = "application/vnd.npm.install-v1+json, application/json;q=0.8";

const SimplePage = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      size: z.optional(z.number()),
      hashes: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});
const Packument = z.object({
  versions: z.record(
    z.string(),
    z.object({ dist: z.object({ tarball: z.string(), integrity: z.optional(z.string()) }) }),
  ),
});

/** The files of a package. Throws an `InterlockError` where the registry doesn't say. */
export async function readListing(
  registry: Registry,
  name: string,
  signal: AbortSignal,
): Promise<readonly ListedFile[]> {
  const page = new URL(registry.from === "PyPI" ? `${name}/` : name.replace("/", "%2f"), registry.url);
  const accept = registry.from === "PyPI" ? SIMPLE : PACKUMENT;
  const { bytes, type, at } = await fetchBytes(page, { registry, accept, maxBytes: MAX_BYTES, signal });
  const text = bytes.toString("utf8");
  try {
    if (registry.from === "npm") return ofPackument(text, registry);
    return type.includes("json") ? ofSimplePage(text, at) : ofHtml(text, at);
  } catch (error) {
    throw new InterlockError(
      {
        code: "tool.listing",
        message: l10n.t("What {0} says of {1} could not be understood.", registry.url.host, name),
        next: l10n.t("See whether your registry setting names a package index."),
      },
      { cause: error },
    );
  }
}

function ofSimplePage(text: string, base: URL): readonly ListedFile[] {
  return SimplePage.parse(JSON.parse(text)).files.map(({ filename, url, size, hashes }) => ({
    file: filename,
    url: new URL(url, base),
    hash: hashes?.["sha256"] === undefined ? null : `sha256:${hashes["sha256"]}`,
    size: size ?? null,
  }));
}

function ofHtml(text: string, base: URL): readonly ListedFile[] {
  return [...text.matchAll(/<a\s[^>]*?href\s*=\s*(["'])(.*?)\1/gi)].map(([, , href = ""]) => {
    const url = new URL(href.replaceAll("&amp;", "&"), base);
    return { file: decodeURIComponent(url.pathname.split("/").at(-1) ?? ""), url, hash: null, size: null };
  });
}

/** Mirrors that copy npm's answers leave its addresses in them: as npm does, the chosen registry is asked instead. */
function ofPackument(text: string, registry: Registry): readonly ListedFile[] {
  return Object.values(Packument.parse(JSON.parse(text)).versions).map(({ dist: { tarball, integrity } }) => {
    const url = new URL(tarball, registry.url);
    const file = url.pathname.split("/").at(-1) ?? "";
    if (url.host === new URL(PUBLIC.npm).host) {
      url.protocol = registry.url.protocol;
      url.host = registry.url.host;
      if (!url.pathname.startsWith(registry.url.pathname))
        url.pathname = registry.url.pathname + url.pathname.slice(1);
    }
    return { file, url, hash: integrity ?? null, size: null };
  });
}
