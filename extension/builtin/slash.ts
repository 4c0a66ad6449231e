import * as l10n from "@vscode/l10n";
import type { AvailableCommand } from "@agentclientprotocol/sdk";

import { code, list } from "./report.ts";

export type SlashName = "check" | "lint" | "fix" | "types" | "test" | "install" | "add" | "run";

export interface Slash {
  readonly name: SlashName;
  readonly description: string;
  /** What to type after the name, where it takes something. */
  readonly hint?: string;
}

export function slashes(): readonly Slash[] {
  return [
    { name: "check", description: l10n.t("Run lint, types and tests") },
    { name: "lint", description: l10n.t("Run the linters") },
    { name: "fix", description: l10n.t("Correct lint problems and misspelled names") },
    { name: "types", description: l10n.t("Run the type checkers") },
    { name: "test", description: l10n.t("Run the tests") },
    { name: "install", description: l10n.t("Install what the project needs") },
    { name: "add", description: l10n.t("Add a package to the project"), hint: l10n.t("PACKAGE") },
    { name: "run", description: l10n.t("Run one command"), hint: l10n.t("COMMAND") },
  ];
}

export function available(): AvailableCommand[] {
  return slashes().map(({ name, description, hint }) => ({
    name,
    description,
    input: hint === undefined ? null : { hint },
  }));
}

/** What a prompt asks for. */
export type Request =
  | { readonly kind: "slash"; readonly slash: Slash; readonly rest: string }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "words" };

export function understand(prompt: string): Request {
  const match = /^\/(\S*)\s*([\s\S]*)$/.exec(prompt.trim());
  if (!match) {
    return { kind: "words" };
  }
  const [, name = "", rest = ""] = match;
  const slash = slashes().find((known) => known.name === name);
  return slash ? { kind: "slash", slash, rest } : { kind: "unknown", name };
}

/** Markdown: every command with what it does. */
export function commandList(): string {
  return list(
    slashes().map(({ name, description, hint }) => {
      const form = hint === undefined ? `/${name}` : `/${name} ${hint}`;
      return `${code(form)}: ${description}`;
    }),
  );
}
