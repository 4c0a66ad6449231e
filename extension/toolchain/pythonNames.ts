/** The interpreter by its usual names, with or without a version. */
export const PYTHON_PROGRAM = /^python(3(\.\d+)?)?$/;
export const PIP_PROGRAM = /^pip(3(\.\d+)?)?$/;

/** A distribution's name as the index compares it (PyPA specification "Names and normalization"). */
export function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

export interface Requirement {
  /** Normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  /** `>=2,<3`, or empty. */
  readonly specifier: string;
  /** After `;`, or empty. */
  readonly marker: string;
}

const VERSION = String.raw`(?:===|==|~=|!=|<=|>=|<|>)\s*[\w.*+!-]+`;
/** Name, extras, versions, marker: the part of PEP 508 that names a package of an index. Addresses and paths are not. */
const REQUIREMENT = new RegExp(
  String.raw`^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[([\w\s,.-]*)\])?\s*` +
    String.raw`(\(?\s*(?:${VERSION}(?:\s*,\s*${VERSION})*)?\s*\)?)\s*(?:;\s*(.+))?$`,
);

const ARCHIVE = /\.(whl|zip|tar(\.\w+)?|tgz)$/i;

/** One requirement of an index's package; null for everything else, such as a path or an address. */
export function parseRequirement(text: string): Requirement | null {
  const match = REQUIREMENT.exec(text.trim());
  if (match === null || ARCHIVE.test(text)) return null;
  const [, name = "", extras = "", specifier = "", marker = ""] = match;
  return {
    name: normalise(name),
    extras: extras
      .split(",")
      .map((extra) => normalise(extra.trim()))
      .filter((extra) => extra !== ""),
    specifier: specifier.replaceAll(/[\s()]/g, ""),
    marker: marker.trim(),
  };
}
