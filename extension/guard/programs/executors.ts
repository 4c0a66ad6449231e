import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { judgeInstalled } from "../code/files.ts";
import { inProject } from "../code/lookInto.ts";
import { isFramework } from "./frameworks.ts";
import { isProjectTool } from "./runners.ts";

/** Finds the analyser of a program that another one runs. */
export type FindAnalyser = (program: string) => Analyser | undefined;

/** Names of packages whose program is called otherwise, and is known under that name. */
const PACKAGES: Readonly<Record<string, string>> = {
  typescript: "tsc",
  "@biomejs/biome": "biome",
  "@playwright/test": "playwright",
  "netlify-cli": "netlify",
  "firebase-tools": "firebase",
  "svelte-check": "tsc",
  "vue-tsc": "tsc",
  depcheck: "knip",
  "npm-check": "knip",
  madge: "knip",
  "size-limit": "knip",
  publint: "knip",
  "license-checker": "knip",
  "@arethetypeswrong/cli": "knip",
  attw: "knip",
};

/** Command lines of services that come as packages, too: what they do is said by their own words. */
const SERVICES = /^(wrangler|vercel|netlify|firebase|supabase|serverless|sls|cdk|pulumi)$/;

/** Options of the executors themselves that leave open neither what is run nor where it comes from. */
const PLAIN_EXECUTION =
  /^(-y|--yes|--no|--no-install|-q|--quiet|-s|--silent|--bun|--offline|--prefer-offline|--isolated|--no-cache|--)$/;

/** `npx NAME`, `uvx NAME`: a tool that is known is judged as if it were called itself. */
export function executes(call: ProgramCall, args: readonly ShellWord[], find: FindAnalyser): void {
  const at = args.findIndex((word) => !word.text.startsWith("-"));
  const program = args[at];
  const rest = at < 0 ? [] : args.slice(at + 1);
  // npm takes options of its own anywhere before `--`; to others, what follows the program is the program's.
  const ends = args.findIndex((word) => word.text === "--");
  const own =
    call.program === "npm" ? args.slice(0, ends < 0 ? undefined : ends) : args.slice(0, Math.max(at, 0));
  const isNpms = /^(-c|--call|-p|--package)(=|$)/;
  const changes = (word: ShellWord, index: number): boolean =>
    word.text.startsWith("-") && !PLAIN_EXECUTION.test(word.text) && (index < at || isNpms.test(word.text));
  // Another package than the one that is named can bring the program.
  if (own.some(changes)) call.add("unclear.program");
  const name = (program?.text ?? "").replace(/(?<=.)@[\w.^~-]+$/, "");
  const plain = PACKAGES[name] ?? name;
  const analyser = find(plain);
  if (name === "rimraf")
    call.deletes(
      rest.filter(({ text }) => !text.startsWith("-")),
      true,
    );
  else if (program?.known === true && analyser !== undefined && isTool(plain)) {
    const inner = call.as(plain, rest);
    analyser(inner);
    call.effects.push(...inner.effects);
  } else if (
    program?.known !== true ||
    !RUNS_INSTALLED.test(call.program) ||
    !runsInstalled(call, program.text, rest)
  )
    call.add("unclear.program");
  call.add("run.project");
  call.add("fs.write");
}

/** Managers that run what is installed in the project's environment of Python. */
const RUNS_INSTALLED = /^(uv|poetry|pdm|hatch|rye|pipenv)$/;

function runsInstalled(call: ProgramCall, name: string, rest: readonly ShellWord[]): boolean {
  const inner = call.as(name, rest);
  const paths = inProject(call).map((folder) => `${folder}/.venv/bin/${name}`);
  const looked = /^[\w.-]+$/.test(name) && judgeInstalled(inner, paths);
  call.effects.push(...inner.effects);
  return looked;
}

function isTool(name: string): boolean {
  return name === "node" || isProjectTool(name) || isFramework(name) || SERVICES.test(name);
}
