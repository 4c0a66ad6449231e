/** Branches of agents begin so; the policy's template opens them. */
export const AGENT_BRANCHES = "feature/agent/";

/** Characters of a name that is made from a prompt: it stands in a tab, and in paths. */
const SLUG_CHARACTERS = 40;

/** A few words as the last part of a branch's name: `Fix the login!` is `fix-the-login`. Empty where nothing is left of them. */
export function slugOf(words: string): string {
  const plain = words
    .slice(0, 500)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/['’]/g, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  if (plain.length <= SLUG_CHARACTERS) return plain;
  const cut = plain.slice(0, SLUG_CHARACTERS + 1);
  const end = cut.lastIndexOf("-");
  return cut.slice(0, end > SLUG_CHARACTERS / 2 ? end : SLUG_CHARACTERS).replaceAll(/-+$/g, "");
}

/** The name itself, or with the first number that makes it one that isn't taken. */
export function unique(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let number = 2; ; number++) if (!isTaken(`${name}-${number}`)) return `${name}-${number}`;
}
