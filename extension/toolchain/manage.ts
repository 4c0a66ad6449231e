import { basename } from "node:path";
import type { Evidence, Language, Manager, Ownership } from "./evidence.ts";

/** What a package manager calls the three things that every one of them does. */
interface Verbs {
  readonly add: readonly string[];
  readonly addDev: readonly string[];
  readonly remove: readonly string[];
  readonly removeDev: readonly string[];
  /** Installs what the lock says, and changes neither it nor the manifest. */
  readonly sync: readonly string[];
}

/** Each manager in its own words, from their references; conda has no lock of its own, and is left to a person. */
const VERBS: Readonly<Record<Exclude<Manager, "conda">, Verbs>> = {
  uv: {
    add: ["add"],
    addDev: ["add", "--dev"],
    remove: ["remove"],
    removeDev: ["remove", "--dev"],
    sync: ["sync", "--locked"],
  },
  poetry: {
    add: ["add"],
    addDev: ["add", "--group", "dev"],
    remove: ["remove"],
    removeDev: ["remove", "--group", "dev"],
    sync: ["install"],
  },
  pdm: {
    add: ["add"],
    addDev: ["add", "--dev"],
    remove: ["remove"],
    removeDev: ["remove", "--dev"],
    sync: ["sync"],
  },
  pipenv: {
    add: ["install"],
    addDev: ["install", "--dev"],
    remove: ["uninstall"],
    // Its `--dev` would remove all of them.
    removeDev: ["uninstall"],
    sync: ["sync", "--dev"],
  },
  bun: {
    add: ["add"],
    addDev: ["add", "--dev"],
    remove: ["remove"],
    removeDev: ["remove"],
    sync: ["install", "--frozen-lockfile"],
  },
  npm: {
    add: ["install"],
    addDev: ["install", "--save-dev"],
    remove: ["uninstall"],
    removeDev: ["uninstall"],
    sync: ["ci"],
  },
  pnpm: {
    add: ["add"],
    addDev: ["add", "--save-dev"],
    remove: ["remove"],
    removeDev: ["remove"],
    sync: ["install", "--frozen-lockfile"],
  },
  yarn: {
    add: ["add"],
    addDev: ["add", "--dev"],
    remove: ["remove"],
    removeDev: ["remove"],
    sync: ["install", "--frozen-lockfile"],
  },
};

const LOCK_FILE = /^(?:.*[.-]lockb?|.*-lock\.(?:json|yaml|yml)|npm-shrinkwrap\.json)$/;

/** The owner of a language's packages, and what it would be asked to do. */
export interface Managed {
  readonly language: Language;
  readonly manager: Exclude<Manager, "conda">;
  readonly root: string;
  /** False where there is nothing to install from. */
  readonly locked: boolean;
}

/** The languages of a folder whose owner is proven, and those where it isn't. */
export interface Management {
  readonly managed: readonly Managed[];
  readonly others: readonly { readonly language: Language; readonly owner: Ownership }[];
}

export function managementOf({ python, javascript, items }: Evidence): Management {
  const managed: Managed[] = [];
  const others: { language: Language; owner: Ownership }[] = [];
  for (const [language, owner] of [
    ["python", python.owner],
    ["javascript", javascript.owner],
  ] as const) {
    if (owner.state === "absent") continue;
    if (owner.state !== "owned" || owner.manager === "conda") {
      others.push({ language, owner });
      continue;
    }
    const { manager, root } = owner;
    const locked = items.some(({ path, proves }) => proves === manager && LOCK_FILE.test(basename(path)));
    managed.push({ language, manager, root, locked });
  }
  return { managed, others };
}

/** The words behind the manager's name that change what a project depends on. */
export function changeWords(
  { manager }: Managed,
  change: "add" | "remove",
  packages: readonly string[],
  dev: boolean,
): readonly string[] {
  const verbs = VERBS[manager];
  if (change === "add") return [...(dev ? verbs.addDev : verbs.add), ...packages];
  return [...(dev ? verbs.removeDev : verbs.remove), ...packages];
}

/** The words behind the manager's name that install what the lock says. */
export function syncWords({ manager }: Managed): readonly string[] {
  return VERBS[manager].sync;
}

/** A program that writes files in the project's own style. */
export interface Formatter {
  readonly language: Language;
  readonly tool: "ruff" | "black" | "biome" | "prettier" | "oxfmt";
  readonly write: readonly string[];
  readonly check: readonly string[];
}

const FORMATTERS: readonly Formatter[] = [
  { language: "python", tool: "black", write: [], check: ["--check"] },
  { language: "python", tool: "ruff", write: ["format"], check: ["format", "--check"] },
  { language: "javascript", tool: "biome", write: ["format", "--write"], check: ["format"] },
  { language: "javascript", tool: "prettier", write: ["--write"], check: ["--check"] },
  { language: "javascript", tool: "oxfmt", write: [], check: ["--check"] },
];

/**
 * The formatter that a project means for each of its languages: the first that it configured, else the first that is there. For Python
 * ruff, unless black is configured: its style is black's.
 */
export function formattersOf(evidence: Evidence, isThere: (tool: string) => boolean): readonly Formatter[] {
  const chosen = (language: Language): Formatter | undefined => {
    const { owner, configured } = evidence[language];
    if (owner.state === "absent") return undefined;
    const there = FORMATTERS.filter((each) => each.language === language && isThere(each.tool));
    const own = there.find(({ tool }) => configured.has(tool));
    return own ?? there.find(({ tool }) => tool !== "black" && tool !== "biome");
  };
  return [chosen("python"), chosen("javascript")].filter((each) => each !== undefined);
}
