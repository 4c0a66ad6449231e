import * as l10n from "@vscode/l10n";

/** What `interlock policy init` writes: a policy that changes nothing, with everything that it could say. */
export function policyTemplate(whose: "project" | "user" = "project"): string {
  return `${whose === "user" ? ofUser() : ofProject()}\n${said()}`;
}

function ofProject(): string {
  return l10n.t(`// Agent Access Policy: what coding agents may do in this project. Interlock reads it at every decision.
// What it holds back counts as soon as the file is saved. What it lets through beyond Interlock's own rules counts
// once a person has accepted this text. See docs/policy.md of Interlock, or hover over a key.`);
}

function ofUser(): string {
  return l10n.t(`// Agent Access Policy: what coding agents may do for you, in all your projects. Interlock reads it at every decision.
// All of it counts as soon as the file is saved; what a project's own agent-policy.json refuses stays refused.
// See docs/policy.md of Interlock, or hover over a key.`);
}

function said(): string {
  return l10n.t(`{
  "version": 1,

  "branches": {
    // Branches that agents may commit to and push. Without this line: all that aren't protected.
    // "write": ["feature/agent/*"],
    // Protected beside main, master, release/* and the remote's own: a commit there is asked about,
    // deleting them, and overwriting them at a remote, is refused.
    "protected": []
  },

  "files": {
    // Folders that agents may write in. Without this line: the whole project.
    // "writable": ["src", "test", "docs"],
    // Asked about before they are written, beside git's, the editor's, the agents' and CI's own files.
    "protected": [],
    // Asked about before they are read, sent or written, beside .env and key files.
    "secret": [],
    // Ignored files that restore points keep, beside .env, databases and the like.
    "restore": []
  },

  "network": {
    // Reading from machines that aren't listed: allow, ask or deny.
    "read": "allow",
    // Known machines: sending to them is not asked about.
    "hosts": []
  },

  // Hosts by environment. A command that names one is asked about, unless a person has started the session for it.
  "environments": {
    "production": []
  },

  // Where sessions work: in the folder that is open, or in a worktree of their own.
  "sessions": { "where": "folder" },

  // US dollars. Without a number there is no limit.
  "spend": {},

  // Rules. Each has an id of its own, a reason, and examples that are tested whenever this is read.
  // It applies to a "command" (* any characters, ** any words), an "effect", a built-in "rule", a "path", "host" or
  // "branch"; where several are named, to what fits all of them.

  // Never.
  "deny": [
    // {
    //   "id": "project.no-migrations",
    //   "command": "alembic upgrade",
    //   "reason": "Migrations run in the release pipeline.",
    //   "remedy": "Write the migration, and leave running it to the pipeline.",
    //   "match": ["alembic upgrade head", "uv run alembic upgrade +1"],
    //   "notMatch": ["alembic history"]
    // }
  ],

  // What needs a person.
  "ask": [],

  // Always allowed. Never covers lost work, or what is refused.
  "allow": [],

  // Where commands are sent, before Interlock's own table: "asked" leaves one as it is, other words run instead.
  "routing": [
    // {
    //   "id": "project.tests",
    //   "command": "npm test",
    //   "as": "make test",
    //   "reason": "Tests need the services that make starts."
    // }
  ]
}
`);
}
