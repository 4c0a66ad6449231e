/**
 * True when a package manager's workspace patterns name a folder. `*` matches within a path segment, `**` across
 * them, a leading `!` excludes; the last pattern that matches decides.
 */
export function namesMember(patterns: readonly string[], folder: string): boolean {
  let member = false;
  for (const pattern of patterns) {
    const excludes = pattern.startsWith("!");
    const plain = pattern.replace(/^!/, "").replace(/^\.\//, "").replace(/\/+$/, "");
    if (matches(plain, folder)) member = !excludes;
  }
  return member;
}

function matches(pattern: string, folder: string): boolean {
  // Braces and extended patterns are rare and not understood: no match, so that nothing is claimed.
  if (/[{}()[\]?]/.test(pattern)) return false;
  const source = pattern
    .split("/")
    .map((segment) =>
      segment === "**"
        ? "(?:[^/]+/)*"
        : `${segment.replaceAll(/[.+^$|\\]/g, String.raw`\$&`).replaceAll("*", "[^/]*")}/`,
    )
    .join("");
  return new RegExp(`^${source}$`).test(`${folder}/`);
}
