import type { PermissionOption, Script, Step } from "../../agents/script.ts";
import type { AgentKind, FileChange, ScriptStep, SessionScript } from "./script.ts";

const BASH = "/bin/bash";

/** What the agent says when it is the person's turn, and the file that tells it that they are done. */
export const personActs = (step: number): string => `[the person acts: ${step}]`;
export const personDone = (base: string, step: number): string => `${base}/person-${step}`;

/** A session's script as one for the scripted agent. A turn of it for each prompt. */
export function agentScript(
  { agent, steps }: SessionScript,
  { base, tmp, pauseMs }: { readonly base: string; readonly tmp: string; readonly pauseMs: number },
): Script {
  const turns: Step[][] = [];
  for (const [index, step] of steps.entries()) {
    if (step.does === "prompt") turns.push([]);
    else turns.at(-1)?.push(...acts(agent, step, `call-${index}`, base, index), { sleep: pauseMs });
  }
  return JSON.parse(
    JSON.stringify({ turns }, (_, value: unknown) =>
      typeof value === "string" ? value.replaceAll("${tmp}", tmp) : value,
    ),
  ) as Script;
}

function acts(agent: AgentKind, step: ScriptStep, id: string, base: string, index: number): readonly Step[] {
  switch (step.does) {
    case "prompt":
      return [];
    case "say":
      return [{ say: step.text }];
    case "person runs":
    case "person edits":
      return [
        { say: personActs(index) },
        { shell: { line: `until [ -e '${personDone(base, index)}' ]; do sleep 0.05; done`, program: BASH } },
      ];
    case "run":
      return WAYS[agent].run(id, step.line);
    case "read":
      return WAYS[agent].read(id, within(step.path));
    case "edit":
      return WAYS[agent].edit(id, { ...step, path: within(step.path) });
  }
}

const within = (path: string): string => (/^(\/|\$\{tmp\})/.test(path) ? path : `\${cwd}/${path}`);

interface Way {
  run(id: string, line: string): readonly Step[];
  read(id: string, path: string): readonly Step[];
  edit(id: string, change: FileChange): readonly Step[];
}

const shell = (line: string): Step => ({ shell: { line, program: BASH } });
const update = (toolCallId: string, more: object): Step => ({ toolUpdate: { toolCallId, ...more } });
const change = ({ path, oldText, newText }: FileChange): Step => ({ change: { path, oldText, newText } });
const diff = ({ path, oldText, newText }: FileChange): object => ({ type: "diff", path, oldText, newText });

const NAMED = (name: string): object => ({ _meta: { claudeCode: { toolName: name } } });
const CLAUDE_OPTIONS: PermissionOption[] = [
  { optionId: "allow-once", name: "Yes", kind: "allow_once" },
  { optionId: "reject", name: "No", kind: "reject_once" },
];
const CODEX_OPTIONS: PermissionOption[] = [
  { optionId: "allow_once", name: "Yes, proceed", kind: "allow_once" },
  { optionId: "cancel", name: "No, and tell Codex what to do differently", kind: "reject_once" },
];

/** As Claude Code does it in its mode “Manual”: announced empty, filled in, asked about, done by itself. */
function claudeTool(
  id: string,
  name: string,
  kind: string,
  said: object,
  does: readonly Step[],
): readonly Step[] {
  const tool = NAMED(name);
  return [
    {
      toolCall: {
        toolCallId: id,
        ...tool,
        name,
        rawInput: {},
        status: "pending",
        title: name,
        kind,
        content: [],
      },
    },
    update(id, { ...tool, ...said }),
    {
      requestPermission: {
        toolCall: { toolCallId: id, name, status: "pending", kind, content: [], ...said },
        options: CLAUDE_OPTIONS,
        ifAllowed: [...does, update(id, { ...tool, status: "completed" })],
        ifNot: [update(id, { ...tool, status: "failed" })],
      },
    },
  ];
}

const WAYS: Readonly<Record<AgentKind, Way>> = {
  claude: {
    run: (id, line) =>
      claudeTool(id, "Bash", "execute", { rawInput: { command: line }, title: line }, [shell(line)]),
    read: (id, path) => {
      const said = { rawInput: { file_path: path }, title: `Read ${path}`, locations: [{ path, line: 1 }] };
      return claudeTool(id, "Read", "read", said, [shell(`cat '${path}' > /dev/null`)]);
    },
    edit: (id, edit) => {
      const { path, oldText, newText } = edit;
      const input = { file_path: path, old_string: oldText, new_string: newText, replace_all: false };
      const [name, rawInput] =
        oldText === null ? ["Write", { file_path: path, content: newText }] : ["Edit", input];
      const said = { rawInput, title: `${name} ${path}`, content: [diff(edit)], locations: [{ path }] };
      return claudeTool(id, name, "edit", said, [change(edit)]);
    },
  },
  /** Edits of the workspace aren't asked about; commands are, as with its rules. */
  codex: {
    run: (id, line) => {
      const rawInput = { command: line, cwd: "${cwd}" };
      const begun = { toolCallId: id, kind: "execute", title: line, status: "in_progress", rawInput };
      return [
        { toolCall: begun },
        {
          requestPermission: {
            toolCall: { toolCallId: id, title: line, rawInput, kind: "execute", status: "pending" },
            options: CODEX_OPTIONS,
            ifAllowed: [shell(line), update(id, { status: "completed", rawOutput: { exit_code: 0 } })],
            ifNot: [update(id, { status: "failed" })],
          },
        },
      ];
    },
    read: (id, path) => WAYS.codex.run(id, `cat ${path}`),
    edit: (id, edit) => [
      {
        toolCall: {
          toolCallId: id,
          kind: "edit",
          title: "Editing files",
          status: "in_progress",
          content: [{ ...diff(edit), _meta: { kind: edit.oldText === null ? "add" : "update" } }],
        },
      },
      change(edit),
      update(id, { status: "completed" }),
    ],
  },
  opencode: {
    run: (id, line) =>
      opencodeTool(id, "bash", "execute", { title: line, rawInput: { command: line } }, [shell(line)]),
    read: (id, path) =>
      opencodeTool(id, "read", "read", { locations: [{ path }], rawInput: { filePath: path } }, [
        shell(`cat '${path}' > /dev/null`),
      ]),
    edit: (id, edit) => {
      const { path } = edit;
      const said = {
        title: path,
        locations: [{ path }],
        rawInput: { filepath: path },
        content: [diff(edit)],
      };
      return opencodeTool(id, edit.oldText === null ? "write" : "edit", "edit", said, [change(edit)]);
    },
  },
  host: {
    run: (toolCallId, command) => [{ terminal: { command, toolCallId } }],
    read: (_, path) => [{ readFile: { path } }],
    edit: (_, { path, oldText, newText }) => [{ changeByHost: { path, oldText, newText } }],
  },
};

function opencodeTool(
  id: string,
  title: string,
  kind: string,
  said: object,
  does: readonly Step[],
): readonly Step[] {
  return [
    { toolCall: { toolCallId: id, title, kind, status: "pending", locations: [], rawInput: {} } },
    update(id, { status: "in_progress", kind, title, ...said }),
    {
      requestPermission: {
        toolCall: { toolCallId: id, title, kind, status: "pending", locations: [], ...said },
        options: [
          { optionId: "once", kind: "allow_once", name: "Allow once" },
          { optionId: "always", kind: "allow_always", name: "Always allow" },
          { optionId: "reject", kind: "reject_once", name: "Reject" },
        ],
        ifAllowed: [...does, update(id, { status: "completed" })],
        ifNot: [update(id, { status: "failed" })],
      },
    },
  ];
}
