import * as l10n from "@vscode/l10n";

import { addition } from "./add.ts";
import { check, install, lint, tests, types, unchecked, type Step } from "./chores.ts";
import { typed } from "./command.ts";
import { fix } from "./fix/fix.ts";
import { lookAt, type Project } from "./project.ts";
import { code } from "./report.ts";
import { commandList, understand, type Slash } from "./slash.ts";
import { runSteps } from "./steps.ts";
import type { Turn } from "./turn.ts";

/** Does what a prompt asks for, and says what came of it. */
export async function answer(turn: Turn, prompt: string): Promise<void> {
  const request = understand(prompt);
  switch (request.kind) {
    case "words":
      return turn.host.say(introduction());
    case "unknown":
      return turn.host.say(
        `${l10n.t("There is no {0}. These exist:", code(`/${request.name}`))}\n\n${commandList()}`,
      );
    case "slash":
      return obey(turn, request.slash, request.rest.trim());
  }
}

async function obey(turn: Turn, slash: Slash, rest: string): Promise<void> {
  if (slash.hint === undefined && rest !== "") {
    return turn.host.say(
      l10n.t(
        "{0} takes nothing after it. One command of your own runs with {1}.",
        code(`/${slash.name}`),
        code("/run COMMAND"),
      ),
    );
  }
  if (!turn.host.canRun) {
    return turn.host.say(l10n.t("I can't run commands here: this host offers agents no terminal."));
  }
  const project = lookAt(turn.cwd);
  switch (slash.name) {
    case "check":
      return chore(turn, check(project), unchecked(project));
    case "lint":
      return chore(turn, lint(project));
    case "types":
      return chore(turn, types(project));
    case "test":
      return chore(turn, tests(project));
    case "install":
      return chore(turn, install(project));
    case "fix":
      return repair(turn, project);
    case "add":
      return add(turn, project, rest);
    case "run":
      return runLine(turn, rest);
  }
}

async function chore(turn: Turn, steps: readonly Step[], leftOut: readonly string[] = []): Promise<void> {
  await (steps.length === 0 ? turn.host.say(nothingFound()) : runSteps(turn, steps, leftOut));
}

async function repair(turn: Turn, project: Project): Promise<void> {
  if (!turn.host.canEdit) {
    return turn.host.say(l10n.t("I can't fix files here: this host doesn't let agents read and write them."));
  }
  return lint(project).length + types(project).length === 0
    ? turn.host.say(nothingFound())
    : fix(turn, project);
}

async function add(turn: Turn, project: Project, rest: string): Promise<void> {
  const wanted = addition(project, rest);
  await (wanted.kind === "answer" ? turn.host.say(wanted.text) : runSteps(turn, [wanted.step]));
}

async function runLine(turn: Turn, line: string): Promise<void> {
  if (line === "") {
    return turn.host.say(l10n.t("Say which command, as in {0}.", code("/run git status")));
  }
  await runSteps(turn, [{ title: l10n.t("Run"), command: typed(turn.cwd, line) }]);
}

function introduction(): string {
  return [
    l10n.t("I'm the built-in helper. I do chores, without an account and without a model:"),
    commandList(),
    l10n.t(
      "For work in your own words, add an agent with a model: by *Add an agent* in the panel, or in {0} for the terminal.",
      code("agents.json"),
    ),
  ].join("\n\n");
}

function nothingFound(): string {
  return l10n.t(
    "I found nothing to do that with. I looked for pyproject.toml, requirements.txt, package.json and tsconfig.json in this folder and one below. {0} runs any command.",
    code("/run COMMAND"),
  );
}
