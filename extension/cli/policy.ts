import * as l10n from "@vscode/l10n";
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { App } from "../app.ts";
import { probe } from "../door/probe.ts";
import { InterlockError, messageOf, systemCode } from "../errors.ts";
import { createPolicy } from "../policy/create.ts";
import { type PolicyProblem, readPolicy } from "../policy/read.ts";
import type { PolicySource, PolicyState } from "../policy/source.ts";
import type { PolicyArguments } from "./arguments.ts";
import { EXIT } from "./exit.ts";
import { policyStateText } from "./policyText.ts";

/** `interlock policy`: writes, tests and shows what an editor reads as well. */
export async function policyCommand(
  app: App,
  root: string,
  cwd: string,
  args: PolicyArguments,
): Promise<number> {
  const source = await app.policy(root);
  switch (args.action) {
    case "init":
      return init(args.user ? source.places.userFile : source.places.projectFile, args.user);
    case "validate":
      return args.file === undefined
        ? print(args, cwd, checkedFiles(source, args.user))
        : print(args, cwd, [await checkedFile(resolve(cwd, args.file))]);
    case "show":
      return show(source.current(), args);
  }
}

async function init(path: string, user: boolean): Promise<number> {
  const created = await createPolicy(path, user ? "user" : "project").catch((error: unknown) => {
    const message = l10n.t("“{0}” can't be written: {1}.", path, messageOf(error));
    const next = l10n.t("Make its folder writable.");
    throw new InterlockError({ code: "policy.unwritable", message, next }, { cause: error });
  });
  if (!created) {
    const message = l10n.t("“{0}” is there already.", path);
    const next = l10n.t("Change it, or look at it with “interlock policy show”.");
    throw new InterlockError({ code: "policy.exists", message, next });
  }
  process.stdout.write(`${path}\n`);
  return EXIT.allow;
}

interface Checked {
  readonly path: string;
  readonly problems: readonly PolicyProblem[];
}

function checkedFiles(source: PolicySource, user: boolean): readonly Checked[] {
  const { user: own, project } = source.current();
  return (user ? [own] : [own, project]).filter(({ state }) => state !== "absent");
}

async function checkedFile(path: string): Promise<Checked> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const message =
      systemCode(error) === "ENOENT"
        ? l10n.t("There is no file “{0}”.", path)
        : l10n.t("“{0}” can't be read: {1}.", path, messageOf(error));
    const next = l10n.t("Name a policy file, or none.");
    throw new InterlockError({ code: "policy.file", message, next }, { cause: error });
  });
  const read = readPolicy(text, probe);
  return { path, problems: read.ok ? [] : read.error };
}

/** As compilers do: `file:line:column: message`. */
function print(args: PolicyArguments, cwd: string, files: readonly Checked[]): number {
  const ok = files.every(({ problems }) => problems.length === 0);
  if (args.json) {
    const answers = files.map(({ path, problems }) => ({ path, problems }));
    process.stdout.write(`${JSON.stringify({ ok, files: answers }, null, 2)}\n`);
  } else {
    const lines = files.flatMap(({ path, problems }) => linesOf(relative(cwd, path), problems));
    process.stdout.write(`${lines.length === 0 ? l10n.t("There is no policy here.") : lines.join("\n")}\n`);
  }
  return ok ? EXIT.allow : EXIT.failed;
}

function linesOf(path: string, problems: readonly PolicyProblem[]): readonly string[] {
  if (problems.length === 0) return [l10n.t("{0}: in order", path)];
  return problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
}

function show(state: PolicyState, args: PolicyArguments): number {
  const { user, accepted, project, pending, inForce } = state;
  if (args.json) {
    process.stdout.write(
      `${JSON.stringify({ user, accepted, project, pending, unreadable: inForce.unreadable }, null, 2)}\n`,
    );
    return EXIT.allow;
  }
  process.stdout.write(`${policyStateText(state)}\n`);
  return EXIT.allow;
}
