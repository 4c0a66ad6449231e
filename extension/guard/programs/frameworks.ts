import type { ShellWord } from "../../shell/command.ts";
import type { Analyser, ProgramCall } from "../call.ts";
import { RISKY_NAME } from "./risky.ts";

/** A project's own command line: what it says about its database, and what it does to it. */
interface Framework {
  /** Words that only tell, or write files of the project. */
  readonly looks: RegExp;
  /** Words that change data or talk to it. */
  readonly changes: RegExp;
  /** What anything else is: the project's own code, or a change of data all the same. */
  readonly others: "run.project" | "remote.change";
}

const DJANGO: Framework = {
  looks: /^(test|check|help|version|showmigrations|sqlmigrate|makemigrations|diffsettings|runserver)\b/,
  changes:
    /^(flush|reset_db|migrate|sqlflush|dbshell|shell|shell_plus|loaddata|createsuperuser|changepassword|clearsessions|createcachetable|remove_stale_contenttypes|runscript)\b/,
  others: "run.project",
};
const RAILS: Framework = {
  looks:
    /^(test|routes|server|s|about|stats|notes|middleware|version|db:(version|migrate:status|abort_if_pending_migrations))\b/,
  changes:
    /^(console|c|runner|r|dbconsole|db|destroy|d|db:\S+|credentials:\S+|secrets:\S+|encrypted:\S+)( |$)/,
  others: "run.project",
};
const ARTISAN: Framework = {
  looks: /^(test|serve|list|about|route:list|migrate:status|db:(show|table|monitor))\b/,
  changes:
    /^(tinker|db|migrate|db:\S+|migrate:\S+|schema:dump|queue:(flush|clear)|key:generate|env:\S+)( |$)/,
  others: "run.project",
};
const SYMFONY: Framework = {
  looks:
    /^(list|about|debug:\S+|lint:\S+|router:match|doctrine:(migrations:(status|list)|schema:validate|mapping:info))( |$)/,
  changes: /^(doctrine:\S+|dbal:\S+|secrets:\S+)( |$)/,
  others: "run.project",
};
const FLASK: Framework = {
  looks: /^(run|routes|db (current|history|heads|branches|show|check|migrate|revision|init))\b/,
  changes: /^(shell|db)\b/,
  others: "run.project",
};

function migrations(looks: RegExp): Framework {
  return { looks, changes: /^/, others: "remote.change" };
}

const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  "manage.py": DJANGO,
  "django-admin": DJANGO,
  django: DJANGO,
  rails: RAILS,
  artisan: ARTISAN,
  console: SYMFONY,
  flask: FLASK,
  alembic: migrations(/^(current|history|heads|branches|show|check|revision|init|merge|list_templates)\b/),
  prisma: migrations(/^(generate|validate|format|version|migrate (status|diff)|debug)\b/),
  knex: migrations(/^(migrate:(status|list|currentVersion|make)|seed:make|init)\b/),
  sequelize: migrations(
    /^(db:migrate:status|migration:(generate|create)|model:(generate|create)|seed:generate)\b/,
  ),
  typeorm: migrations(/^(migration:(show|generate|create)|entity:create|version)\b/),
  "drizzle-kit": migrations(/^(generate|check|up)\b/),
};
const ALIASES: Readonly<Record<string, string>> = {
  "sequelize-cli": "sequelize",
  "typeorm-ts-node-commonjs": "typeorm",
};

export function isFramework(program: string): boolean {
  return Object.hasOwn(FRAMEWORKS, ALIASES[program] ?? program);
}

/** Options of Django's, rails' and alembic's that take the next word in front of the command. */
const VALUES =
  /^(-c|-n|-e|--config|--settings|--pythonpath|--schema|--app|-A|--env|--environment|--knexfile|--name)$/;
const TELLS = /^(--help|-h|--version|-V|--plan|--check|--dry-run|--pretend|--sql)$/;

/** Judges `manage.py ARGS` and the like. */
export function judgeFramework(call: ProgramCall, program: string, args: readonly ShellWord[]): void {
  const spec = FRAMEWORKS[ALIASES[program] ?? program];
  if (spec === undefined) return;
  const words = args.filter(
    (word, at) => !word.text.startsWith("-") && !VALUES.test(args[at - 1]?.text ?? ""),
  );
  const line = words.map(({ text }) => text).join(" ");
  const tells = args.some(({ text }) => TELLS.test(text));
  if (args.some((word) => !word.known && word.prefix === undefined)) call.add("unclear.options");
  if (/^credentials|^secrets|^encrypted/.test(line)) call.add("secret.read");
  if (spec.looks.test(line) || tells || (line === "" && spec.others === "run.project")) {
    call.add("run.project");
    call.add("fs.write");
  } else if (spec.changes.test(line)) call.add("remote.change");
  else {
    if (spec.others === "remote.change") call.add("remote.change");
    // A command of the project's own is judged by its name.
    if (RISKY_NAME.test(words[0]?.text ?? "")) call.add("unclear.code");
    call.add("run.project");
    call.add("fs.write");
  }
}

const framework: Analyser = (call) => judgeFramework(call, call.program, call.args);

export const frameworks: Readonly<Record<string, Analyser>> = Object.fromEntries(
  [...Object.keys(FRAMEWORKS), ...Object.keys(ALIASES)]
    .filter((name) => name !== "console" && name !== "django")
    .map((name) => [name, framework]),
);
