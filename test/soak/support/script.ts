import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { ROOT } from "../../../scripts/lib/paths.ts";
import type { SourceName } from "../../../scripts/lib/sources.ts";

/**
 * A session as a text, so that it reads like one. After a head (`title`, `project`, `agent`, and `before`: lines that made
 * the repository what it is) each line begins a step, and lines indented by two spaces go on with it:
 *
 *     prompt TEXT      what the person asks for; begins a turn
 *     say TEXT         what the agent says
 *     $ COMMAND        succeeds; `$!` fails; `$?` may do either, such as where a program is missing
 *     read PATH
 *     write PATH       its content follows
 *     edit PATH        lines that go begin with `-`, those that come with `+`
 *     me $ COMMAND     what the person does meanwhile, in a terminal
 *     me edit PATH     the same in the editor, which tells of it
 *
 * `${cwd}` is the project's folder, `${tmp}` one for throw-away files.
 */
export interface SessionScript {
  readonly name: string;
  readonly title: string;
  readonly project: "sample" | SourceName;
  readonly agent: AgentKind;
  readonly before: string;
  readonly steps: readonly ScriptStep[];
}

/** Whose way of acting is played: three real agents', by their recorded conversations, and one that uses ACP's doorways. */
export type AgentKind = "claude" | "codex" | "opencode" | "host";

export type ScriptStep =
  | { readonly does: "prompt" | "say"; readonly text: string }
  | { readonly does: "run"; readonly line: string; readonly succeeds: boolean | null }
  | { readonly does: "read"; readonly path: string }
  | (FileChange & { readonly does: "edit" })
  | { readonly does: "person runs"; readonly line: string }
  | (FileChange & { readonly does: "person edits" });

export interface FileChange {
  readonly path: string;
  /** Null for a new file. */
  readonly oldText: string | null;
  readonly newText: string;
}

const FOLDER = join(ROOT, "test", "soak", "sessions");

/** All sessions, in the order of their names. */
export async function sessionScripts(): Promise<readonly SessionScript[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".txt")).sort();
  return Promise.all(
    names.map(async (name) =>
      parseScript(basename(name, ".txt"), await readFile(join(FOLDER, name), "utf8")),
    ),
  );
}

export function parseScript(name: string, text: string): SessionScript {
  const blocks = blocksOf(text);
  const head = (key: string): Block | undefined => blocks.find(({ first }) => first.split(/[: ]/)[0] === key);
  const value = (key: string): string => head(key)?.first.slice(key.length + 2) ?? "";
  const start = blocks.findIndex(({ first }) => first.startsWith("prompt "));
  return {
    name,
    title: value("title"),
    project: value("project") as SessionScript["project"],
    agent: value("agent") as AgentKind,
    before: head("before")?.more.join("\n") ?? "",
    steps: blocks.slice(start).map(stepOf),
  };
}

/** The session up to its first prompts, where all of it would take too long. */
export function beginning(script: SessionScript, prompts: number): SessionScript {
  const starts = script.steps.flatMap(({ does }, at) => (does === "prompt" ? [at] : []));
  return { ...script, steps: script.steps.slice(0, starts[prompts]) };
}

interface Block {
  readonly first: string;
  readonly more: readonly string[];
}

/** An empty line belongs to a block only where the block goes on after it. */
function blocksOf(text: string): readonly Block[] {
  const blocks: { first: string; more: string[] }[] = [];
  let empty = 0;
  for (const line of text.split("\n")) {
    const block = blocks.at(-1);
    if (line.trim() === "") empty += 1;
    else if (line.startsWith("  ") && block !== undefined) {
      block.more.push(...Array.from({ length: empty }, () => ""), line.slice(2));
      empty = 0;
    } else {
      blocks.push({ first: line, more: [] });
      empty = 0;
    }
  }
  return blocks;
}

function stepOf({ first, more }: Block): ScriptStep {
  const [, word = "", rest = ""] = /^(me \$|me edit|\$[!?]?|\w+) (.*)$/.exec(first) ?? [];
  const lines = [rest, ...more].join("\n");
  switch (word) {
    case "prompt":
    case "say":
      return { does: word, text: lines };
    case "$":
    case "$!":
    case "$?":
      return { does: "run", line: lines, succeeds: word === "$?" ? null : word === "$" };
    case "read":
      return { does: "read", path: rest };
    case "write":
      return { does: "edit", path: rest, oldText: null, newText: `${more.join("\n")}\n` };
    case "edit":
      return { does: "edit", path: rest, ...changeOf(more) };
    case "me $":
      return { does: "person runs", line: lines };
    case "me edit":
      return { does: "person edits", path: rest, ...changeOf(more) };
    default:
      throw new Error(`not a step: ${first}`);
  }
}

function changeOf(lines: readonly string[]): { oldText: string; newText: string } {
  const side = (mark: string): string =>
    lines
      .filter((line) => line.startsWith(mark))
      .map((line) => line.slice(1))
      .join("\n");
  return { oldText: side("-"), newText: side("+") };
}
