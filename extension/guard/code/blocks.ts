import type { ProgramCall } from "../call.ts";
import { resolvePath } from "../../shell/path.ts";
import { lookInto } from "./lookInto.ts";
import { mentionsLoss } from "./mentions.ts";

/** Runners of named tasks that are written in a language of their own: where, and how a task's part of it begins. */
interface TaskFile {
  readonly names: readonly string[];
  readonly begins: (task: string) => RegExp;
}

const TASKS: Readonly<Record<string, TaskFile>> = {
  rake: {
    names: ["Rakefile", "rakefile", "Rakefile.rb"],
    begins: (task) => new RegExp(`\\b(?:task|file|multitask)[\\s(:'"]+${task}\\b`),
  },
  invoke: {
    names: ["tasks.py", "tasks/__init__.py"],
    begins: (task) => new RegExp(`def ${task.replace(/-/g, "_")}\\b`),
  },
  nox: {
    names: ["noxfile.py"],
    begins: (task) => new RegExp(`def ${task.replace(/-/g, "_")}\\b|name=['"]${task}['"]`),
  },
  tox: { names: ["tox.ini", "tox.toml"], begins: (task) => new RegExp(`^\\[(testenv:|env\\.)${task}\\]`) },
  task: {
    names: ["Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml"],
    begins: (task) => new RegExp(`^\\s+['"]?${task}['"]?:`),
  },
};

/** True where the task that a runner is told to run names what removes or discards. */
export function taskDestroys(call: ProgramCall, program: string, task: string): boolean {
  const [folder, ...others] = call.folders;
  const file = TASKS[program];
  if (file === undefined || folder === undefined || others.length > 0) return false;
  const found = lookInto(
    call,
    file.names.map((name) => resolvePath(folder, name)),
  );
  if (typeof found !== "object") return false;
  const name = task.slice(task.lastIndexOf(":") + 1).replace(/[^\w-]/g, ".");
  const lines = found.text.split("\n");
  const begins = file.begins(name);
  return lines.some((line, at) => begins.test(line) && mentionsLoss(blockFrom(lines, at)));
}

/** A head with what is indented below it; of a section, what comes before the next. */
function blockFrom(lines: readonly string[], at: number): string {
  const depth = (line: string): number => line.search(/\S/);
  const head = lines[at] ?? "";
  const isSection = head.startsWith("[");
  const end = lines.findIndex(
    (line, each) =>
      each > at && line.trim() !== "" && (isSection ? line.startsWith("[") : depth(line) <= depth(head)),
  );
  return lines.slice(at, end < 0 ? undefined : end).join("\n");
}
