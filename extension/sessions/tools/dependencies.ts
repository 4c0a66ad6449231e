import { type Arguments, list, maybe, oneOf, text, yes } from "../../doorways/mcp/fields.ts";
import { tool, type ToolAnswer, type ToolUse } from "../../doorways/mcp/tool.ts";
import { InterlockError } from "../../errors.ts";
import type { Language } from "../../toolchain/evidence.ts";
import { changeWords, type Managed, managementOf, syncWords } from "../../toolchain/manage.ts";
import { answerText, dataOf, howItWent, lastLines } from "./compact.ts";
import { ownFolder, type ToolParts } from "./parts.ts";

/** Packages of one change: more is no change that a person looks through. */
const MAX_PACKAGES = 50;
/** Lines of a manager's output: what it did stands at its end. */
const OUTPUT_LINES = 30;

/** A package with a version or a source, and never an option of the manager. */
const PACKAGE = text(
  "A package, with a version or a source where that matters.",
  /^[\w@][^\s\p{Cc}]{0,200}$/u,
  "a package, such as left-pad@1.3 or httpx>=0.28",
);
const WHERE = {
  language: maybe(oneOf(["python", "javascript"], "Needed only where the folder holds both.")),
  cwd: maybe(text("The package's folder; the session's own if left out.")),
};
const CHANGE = {
  packages: list(PACKAGE, MAX_PACKAGES),
  dev: maybe(yes("Only for development.")),
  ...WHERE,
};

export const addTool = (parts: ToolParts) =>
  tool({
    name: "add_dependency",
    description:
      "Adds packages with the package manager that the project's lock proves (uv add, bun add, npm install, ...). The person approves it first.",
    readOnly: false,
    runs: true,
    input: CHANGE,
    call: (args, use) => change(parts, "add", args, use),
  });

export const removeTool = (parts: ToolParts) =>
  tool({
    name: "remove_dependency",
    description:
      "Removes packages with the package manager that the project's lock proves. The person approves it first.",
    readOnly: false,
    runs: true,
    input: CHANGE,
    call: (args, use) => change(parts, "remove", args, use),
  });

export const syncTool = (parts: ToolParts) =>
  tool({
    name: "sync",
    description: "Installs exactly what the lock says, and changes neither it nor the manifest.",
    readOnly: false,
    runs: true,
    input: WHERE,
    async call({ language, cwd }, use) {
      const at = ownFolder(parts, cwd);
      const managed = owners(parts, at, language);
      const lockless = managed.find(({ locked }) => !locked);
      if (lockless !== undefined) throw noLock(lockless, at);
      const answers: ToolAnswer[] = [];
      for (const owner of managed) answers.push(await manage(parts, owner, syncWords(owner), at, use));
      return {
        text: answers.map(({ text }) => text).join("\n\n"),
        data: { commands: answers.map(({ data }) => data) },
        failed: answers.some(({ failed }) => failed === true),
      };
    },
  });

async function change(
  parts: ToolParts,
  what: "add" | "remove",
  { packages, dev = false, language, cwd }: Arguments<typeof CHANGE>,
  use: ToolUse,
): Promise<ToolAnswer> {
  const at = ownFolder(parts, cwd);
  const [owner, ...more] = owners(parts, at, language);
  if (owner === undefined || more.length > 0)
    throw new InterlockError({
      code: "mcp.language",
      message: "This folder holds a Python and a JavaScript project.",
      next: "Say which by “language”.",
    });
  return manage(parts, owner, changeWords(owner, what, packages, dev), at, use);
}

async function manage(
  { toolchain }: ToolParts,
  { manager }: Managed,
  args: readonly string[],
  cwd: string,
  use: ToolUse,
): Promise<ToolAnswer> {
  const command = toolchain.tools.command(manager) ?? manager;
  const ran = await use.run({ command, args, cwd });
  const { text: output } = lastLines(ran, OUTPUT_LINES);
  const line = [manager, ...args].join(" ");
  return {
    text: answerText(ran, `${line}: ${howItWent(ran)}`, output),
    data: { command: line, ...dataOf(ran), output },
    failed: ran.exit !== 0,
  };
}

/** Who manages the packages of a folder. Throws where nobody is proven to: then a person decides. */
function owners(parts: ToolParts, at: string, language: Language | undefined): readonly Managed[] {
  const { managed, others } = managementOf(parts.toolchain.evidence(at));
  // A package inside of another language's project is its own.
  const nearest = Math.max(0, ...managed.map(({ root }) => root.length));
  const wanted = managed.filter((each) =>
    language === undefined ? each.root.length === nearest : each.language === language,
  );
  if (wanted.length > 0) return wanted;
  const other = others.find((each) => language === undefined || each.language === language);
  throw new InterlockError({
    code: "mcp.unowned",
    message:
      other?.owner.state === "ambiguous"
        ? `Several package managers are proven in ${at}: ${other.owner.proofs.map(({ what }) => what).join(", ")}.`
        : `Nothing proves which package manager owns ${at}.`,
    next: "Ask the person which one it is, or type its command with `run`.",
  });
}

function noLock({ manager }: Managed, at: string): InterlockError {
  return new InterlockError({
    code: "mcp.no-lock",
    message: `There is no lock of ${manager} in ${at}, so there is nothing to install from.`,
    next: "A lock is the person's to make: ask for it.",
  });
}
