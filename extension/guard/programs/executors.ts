import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
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
  } else call.add("unclear.program");
  call.add("run.project");
  call.add("fs.write");
}

function isTool(name: string): boolean {
  return name === "node" || isProjectTool(name) || isFramework(name) || SERVICES.test(name);
}
