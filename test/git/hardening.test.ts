import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { FactQuery } from "../../extension/guard/facts.ts";
import { answerFacts } from "../../extension/restore/answers.ts";
import type { Git } from "../../extension/git/run.ts";
import { eventually } from "../harness/processes.ts";
import { tempDir } from "../harness/temp.ts";
import { makeRepository, personGit, testGit, write } from "./support.ts";

/** Every kind of question, so that every way in which Interlock calls git is gone. */
function questions(folder: string): readonly FactQuery[] {
  const changes = { fact: "changes", folder, paths: null } as const;
  return [
    { ...changes, against: "both", from: "other" },
    { ...changes, against: "worktree", unlessRef: "no-such" },
    { ...changes, against: "index" },
    { ...changes, against: "believed" },
    { fact: "untracked", folder, paths: null, ignored: "too", folders: true, repositories: true },
    { fact: "files", folder, paths: [join(folder, "a.txt")], act: "write", recursive: false },
    { fact: "files", folder, paths: [join(folder, "*")], act: "remove", recursive: true },
    { fact: "commits", folder, ref: "other", to: null },
    { fact: "commits", folder, ref: "HEAD", to: "other" },
    { fact: "stashes", folder, entry: null },
    { fact: "submodules", folder },
    { fact: "branch", folder },
  ];
}

/** Every question has its answer: a git that fails would run nothing either. On a busy machine it can be late. */
async function answered(git: Git, folder: string): Promise<void> {
  await eventually(
    "every fact is known",
    async () => {
      const facts = await answerFacts(git, questions(folder));
      return [...facts.values()].every((fact) => fact.known);
    },
    60_000,
  );
}

/** Every key of `git help --config` that names a program, a command line, or a file of settings; `%` is the program. */
const KEYS: readonly (readonly [key: string, value: string])[] = [
  ...[
    "core.fsmonitor core.pager core.editor core.askPass core.sshCommand core.gitProxy core.alternateRefsCommand",
    "sequence.editor interactive.diffFilter",
    "diff.external diff.mine.command diff.mine.textconv diff.mine.process merge.mine.driver",
    "filter.mine.clean filter.mine.smudge filter.mine.process filter.with.dots.clean filter.with.dots.process",
    "gpg.program gpg.openpgp.program gpg.x509.program gpg.ssh.program gpg.ssh.defaultKeyCommand",
    "trailer.x.command trailer.x.cmd uploadpack.packObjectsHook",
    "remote.origin.uploadpack remote.origin.receivepack remote.origin.vcs",
    "difftool.x.cmd difftool.x.path mergetool.x.cmd mergetool.x.path guitool.x.cmd",
    "browser.x.cmd browser.x.path man.x.cmd man.x.path web.browser help.browser instaweb.browser",
    "sendemail.tocmd sendemail.ccCmd sendemail.smtpServer tar.x.command hook.x.command",
  ]
    .join(" ")
    .split(" ")
    .map((key) => [key, "%"] as const),
  ...["status", "diff", "ls-files", "ls-tree", "stash", "log", "config", "rev-list", "for-each-ref"].flatMap(
    (command) => [[`pager.${command}`, "%"] as const, [`alias.${command}`, "!%"] as const],
  ),
  ...["credential.helper", "credential.https://example.com.helper", "submodule.x.update"].map(
    (key) => [key, "!%"] as const,
  ),
];

const GROUPS = 8;

const HOOKS = [
  "post-index-change",
  "reference-transaction",
  "fsmonitor-watchman",
  "pre-auto-gc",
  "post-checkout",
];

const base = await tempDir({ after });

describe("a repository's own configuration runs nothing because Interlock looked", () => {
  const git = testGit(process.env);
  const folder = join(base, "repo");
  const marker = join(base, "ran");
  const program = join(base, "program");

  before(() => {
    mkdirSync(folder);
    makeRepository(folder);
    personGit(folder, "branch", "other");
    personGit(folder, "update-index", "--assume-unchanged", "b.txt");
    personGit(folder, "remote", "add", "origin", "https://example.com/x");
    write(base, { program: `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n` });
    write(folder, { ".gitattributes": "*.txt diff=mine filter=mine merge=mine\nb.txt filter=with.dots\n" });
  });

  // One key can hide another of its kind, and those stand side by side: they are never set together.
  for (let group = 0; group < GROUPS; group++) {
    const keys = KEYS.filter((_, index) => index % GROUPS === group);
    test(keys.map(([key]) => key).join(" "), async () => {
      const before = personGit(folder, "config", "--local", "--list");
      for (const [key, value] of keys) personGit(folder, "config", key, value.replace("%", program));
      // A new file time makes git compare contents, and run what it compares them with.
      write(folder, { "a.txt": `two ${group}\n`, "b.txt": `one ${group}\n` });
      await answered(testGit(process.env), folder);
      for (const [key] of keys) personGit(folder, "config", "--unset-all", key);
      assert.equal(personGit(folder, "config", "--local", "--list"), before);
      assert.equal(existsSync(marker), false, existsSync(marker) ? readFileSync(marker, "utf8") : "");
    });
  }

  test("the program would have run for a person", () => {
    personGit(folder, "config", "diff.external", program);
    personGit(folder, "diff");
    personGit(folder, "config", "--unset", "diff.external");
    assert.equal(existsSync(marker), true);
    rmSync(marker);
  });

  test("hooks, also where core.hooksPath names a folder of the repository", async () => {
    for (const hooks of [join(folder, ".git", "hooks"), join(folder, "hooks")]) {
      mkdirSync(hooks, { recursive: true });
      for (const hook of HOOKS) write(hooks, { [hook]: `#!/bin/sh\necho "$0" >> '${marker}'\n` });
    }
    await answered(git, folder);
    personGit(folder, "config", "core.hooksPath", "hooks");
    await answered(git, folder);
    personGit(folder, "config", "--unset", "core.hooksPath");
    assert.equal(existsSync(marker), false);
  });

  test("what an included file configures", async () => {
    write(folder, {
      "more.config": `[core]\n\tfsmonitor = ${program}\n[filter "mine"]\n\tclean = ${program}\n`,
    });
    personGit(folder, "config", "include.path", "../more.config");
    await answered(testGit(process.env), folder);
    personGit(folder, "config", "--unset", "include.path");
    assert.equal(existsSync(marker), false);
  });
});

describe("a filter that came after the first look runs nothing either", () => {
  const WAYS: Readonly<Record<string, string>> = {
    "in the repository's configuration": "git config filter.late.clean %",
    "in a file that was to be included all along":
      "printf '[filter \"late\"]\\n\\tclean = %\\n' > late.config",
    "on a branch that has configuration of its own": "git checkout -q -b late",
  };
  for (const [way, script] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const [base, folder] = [await tempDir(t), await tempDir(t)];
      makeRepository(folder);
      const marker = join(base, "ran");
      const program = join(base, "program");
      write(base, {
        program: `#!/bin/sh\necho ran >> '${marker}'\ncat\n`,
        "branch.config": `[filter "late"]\n\tclean = ${program}\n`,
      });
      personGit(folder, "config", "include.path", "../late.config");
      if (script.startsWith("git checkout"))
        personGit(folder, "config", "includeIf.onbranch:late.path", join(base, "branch.config"));
      write(folder, { ".gitattributes": "*.txt filter=late\n" });
      const git = testGit(process.env);
      await answered(git, folder);
      execFileSync("sh", ["-c", script.replace("%", program)], { cwd: folder });
      write(folder, { "a.txt": "new\n", "b.txt": "new\n" });
      await answered(git, folder);
      assert.equal(existsSync(marker), false);
      personGit(folder, "status");
      assert.equal(existsSync(marker), true, "for a person it would have run");
    });
  }
});

describe("a submodule's own configuration runs nothing either", () => {
  test("filters and monitors, of one inside another, too", async (t) => {
    const folder = await tempDir(t);
    const marker = join(folder, "ran");
    write(folder, { program: `#!/bin/sh\necho "$0 $*" >> '${marker}'\ncat\n` });
    const program = join(folder, "program");
    const allowed = ["-c", "protocol.file.allow=always"];
    for (const name of ["inner", "middle", "outer"]) mkdirSync(join(folder, name));
    for (const name of ["inner", "middle", "outer"]) makeRepository(join(folder, name));
    personGit(join(folder, "middle"), ...allowed, "submodule", "--quiet", "add", "../inner", "sub");
    personGit(join(folder, "middle"), "commit", "-qm", "Second");
    personGit(join(folder, "outer"), ...allowed, "submodule", "--quiet", "add", "../middle", "sub");
    personGit(join(folder, "outer"), ...allowed, "submodule", "--quiet", "update", "--init", "--recursive");
    for (const sub of [join(folder, "outer", "sub"), join(folder, "outer", "sub", "sub")]) {
      personGit(sub, "config", "filter.mine.clean", program);
      personGit(sub, "config", "core.fsmonitor", program);
      write(sub, { ".gitattributes": "*.txt filter=mine\n", "a.txt": "mine\n" });
    }
    await answered(testGit(process.env), join(folder, "outer"));
    assert.equal(existsSync(marker), false);
    personGit(join(folder, "outer"), "status");
    assert.equal(existsSync(marker), true, "for a person it would have run");
  });
});

describe("the host's environment", () => {
  test("GIT_* of the host reaches no git of ours", async (t) => {
    const folder = await tempDir(t);
    makeRepository(folder);
    const git = testGit({
      ...process.env,
      GIT_DIR: "/nowhere",
      GIT_WORK_TREE: "/nowhere",
      GIT_INDEX_FILE: "/nowhere/index",
      GIT_EXTERNAL_DIFF: "/nowhere/diff",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: "/nowhere/monitor",
    });
    const result = await git.run({ folder, args: ["status", "--porcelain"] });
    assert.equal(result.code, 0);
    assert.equal(result.stdout, " M a.txt\n?? new.txt\n");
  });
});
