import * as l10n from "@vscode/l10n";

import { step, type Step } from "./chores.ts";
import type { Project, PythonPart, WebPart } from "./project.ts";
import { code, list } from "./report.ts";

/** A part of the project that packages can be added to, and the word that names it in `/add WORD:PACKAGE`. */
interface Target {
  readonly word: string;
  /** The folder's name, or "" for the session's own. */
  readonly folder: string;
  step(packages: [string, ...string[]]): Step;
}

export type Addition =
  | { readonly kind: "step"; readonly step: Step }
  /** Nothing to run: what to say instead. */
  | { readonly kind: "answer"; readonly text: string };

/** What `/add` runs. Where the project has several parts, the person says which, as in `/add web:left-pad`. */
export function addition(project: Project, rest: string): Addition {
  const targets = targetsOf(project);
  const [first, ...more] = rest.split(/\s+/).filter((word) => word !== "");
  if (first === undefined) {
    return answer(l10n.t("Say which package, as in {0}.", code("/add left-pad")));
  }
  const named = targets.find((target) => first.startsWith(`${target.word}:`));
  const name = named ? first.slice(named.word.length + 1) : first;
  if (name === "") {
    return answer(l10n.t("Say which package, as in {0}.", code(`/add ${first}left-pad`)));
  }
  const [only, ...others] = targets;
  if (!only) {
    return answer(
      l10n.t(
        "There is nothing to add a package to: no Python project and no package.json here or one folder below.",
      ),
    );
  }
  const target = named ?? (others.length === 0 ? only : undefined);
  if (target) {
    return { kind: "step", step: target.step([name, ...more]) };
  }
  const rows = targets.map((each) => choice(each, [name, ...more]));
  return answer(`${l10n.t("This project has several parts. Say which one:")}\n\n${list(rows)}`);
}

function choice(target: Target, packages: [string, ...string[]]): string {
  const say = code(`/add ${target.word}:${packages.join(" ")}`);
  const { line } = target.step(packages).command;
  return target.folder === ""
    ? l10n.t("{0} runs {1}", say, code(line))
    : l10n.t("{0} runs {1} in {2}", say, code(line), code(target.folder));
}

function targetsOf(project: Project): readonly Target[] {
  const onlyPython = project.python.length === 1;
  return [
    ...project.python.map((part) => pythonTarget(part, onlyPython ? "python" : part.name)),
    ...project.web.filter((part) => part.installable).map(webTarget),
  ];
}

function pythonTarget(part: PythonPart, word: string): Target {
  return {
    word,
    folder: part.name,
    step: (packages) => step(l10n.t("Add"), part, "pip", "install", ...packages),
  };
}

function webTarget(part: WebPart): Target {
  return {
    word: part.name === "" ? "js" : part.name,
    folder: part.name,
    step: (packages) =>
      step(l10n.t("Add"), part, part.manager, part.manager === "npm" ? "install" : "add", ...packages),
  };
}

function answer(text: string): Addition {
  return { kind: "answer", text };
}
