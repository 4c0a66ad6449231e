import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import { parseArgv, parseShell } from "../shell/parse.ts";
import { visible } from "../text/visible.ts";
import type { EvidenceItem, Language, Ownership } from "../toolchain/evidence.ts";
import type { ForeignManager } from "../toolchain/foreign.ts";
import { LOCK_FILES, type LockTrouble } from "../toolchain/locks.ts";
import type { Hint } from "../toolchain/row.ts";
import type { Route } from "../toolchain/route.ts";
import type { RouteArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";

/** The answer of `interlock route`. People's scripts read it: fields are added, never changed. */
interface Answer {
  /** Null where it runs as asked. `from` and `to` are whole command lines. */
  readonly route: Route | null;
  /** Who manages the packages of each language in the command's folder. */
  readonly owners: Readonly<Record<Language, Ownership>>;
  /** What was found in the folder and above, nearest first. */
  readonly evidence: readonly EvidenceItem[];
  /** What a person could do so that more would be routed. */
  readonly hints: readonly Hint[];
  /** The lock that keeps it from running; null where there is none. */
  readonly lock: Pick<LockTrouble, "manager" | "root" | "state"> | null;
  /** The manager that is asked for where another one owns the project; null where there is none. Then it is refused. */
  readonly foreign: ForeignManager | null;
}

const LANGUAGES = [
  ["python", () => l10n.t("Python")],
  ["javascript", () => l10n.t("JavaScript and TypeScript")],
] as const satisfies readonly (readonly [Language, () => string])[];

/** Says where a command would be sent, by which evidence, and whether its lock lets it run. The command is not run. */
export async function printRoute(
  app: App,
  cwd: string,
  { words, json, swap }: RouteArguments,
): Promise<number> {
  const { toolchain } = app;
  const [line = "", ...more] = words;
  const script = more.length === 0 ? parseShell(line, { cwd }) : parseArgv(words, { cwd });
  const { route, hints } = toolchain.route(script, { swap });
  const { python, javascript, items } = toolchain.evidence(cwd);
  const owners = { python: python.owner, javascript: javascript.owner };
  const runs = route === null ? script : parseShell(route.to, { cwd });
  const { trouble } = await toolchain.locks.lookAt(runs);
  const foreign = await toolchain.locks.foreign(runs);
  const lock = trouble && { manager: trouble.manager, root: trouble.root, state: trouble.state };
  const answer: Answer = { route, owners, evidence: items, hints, lock, foreign };
  process.stdout.write(`${json ? JSON.stringify(answer) : forPerson(script.text, answer)}\n`);
  return EXIT.allow;
}

function forPerson(asked: string, { route, owners, evidence, hints, lock, foreign }: Answer): string {
  const lines =
    route === null
      ? [asked, l10n.t("  runs as asked")]
      : [asked, `  → ${route.to}`, `  ${route.rule} (${route.kind}): ${route.reason}`];
  if (foreign !== null) {
    const { program, owner, instead } = foreign;
    lines.push(
      l10n.t("  {0} manages these packages: {1} is refused, and `{2}` proposed", owner, program, instead),
    );
  }
  if (lock !== null) {
    const { lock: file, manifest } = LOCK_FILES[lock.manager];
    const held = l10n.t("an agent's command is not run, and the person is asked");
    const state =
      lock.state === "stale"
        ? l10n.t("{0} is behind {1}", file, manifest)
        : l10n.t("there is no {0} beside {1}", file, manifest);
    lines.push(`  ${state}: ${held}`);
  }
  for (const [language, name] of LANGUAGES) {
    const owner = ownerText(owners[language]);
    if (owner !== null) lines.push(`  ${name()}: ${owner}`);
  }
  const found = evidence.map(({ what, path }) => l10n.t("  found: {0} in {1}", what, path));
  lines.push(...new Set(found));
  for (const { message, command } of hints)
    lines.push(l10n.t("  hint: {0}", command === undefined ? message : `${message} ${command}`));
  // Names of files and words of the command may hold controls that a terminal would obey.
  return visible(lines.join("\n"));
}

function ownerText(owner: Ownership): string | null {
  switch (owner.state) {
    case "owned":
      return l10n.t("{0} owns the packages, by {1}", owner.manager, owner.proof.what);
    case "ambiguous": {
      const proofs = owner.proofs.map(({ what }) => what).join(", ");
      return l10n.t("two managers are proven, so none is followed: {0}", proofs);
    }
    case "unowned":
      return l10n.t("nothing proves who owns the packages");
    case "absent":
      return null;
  }
}
