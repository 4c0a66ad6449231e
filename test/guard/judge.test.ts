import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyse } from "../../extension/guard/analyse.ts";
import { EFFECTS } from "../../extension/guard/effect.ts";
import { factKey, type Fact, type FactQuery } from "../../extension/guard/facts.ts";
import { addLoss, noLoss, type Loss } from "../../extension/guard/loss.ts";
import { RULES } from "../../extension/policy/rules.ts";
import { parseShell } from "../../extension/shell/parse.ts";
import { AROUND, CWD, judged } from "./support/judged.ts";

/** Answers every question of a line alike, or by a function. */
function factsFor(line: string, answer: (query: FactQuery) => Fact): ReadonlyMap<string, Fact> {
  const { needs } = analyse(parseShell(line, { cwd: CWD, home: "/home/me" }), AROUND);
  return new Map(needs.map((need) => [factKey(need), answer(need)]));
}

const file = (path: string): Loss => ({
  ...noLoss(CWD),
  files: [{ path, state: "modified", added: 1, removed: 0 }],
  fileCount: 1,
});
const known = (loss: Loss): Fact => ({ known: true, loss });
const onBranch = (branch: string | null, ...defaultBranches: readonly string[]): Fact => ({
  known: true,
  branch,
  defaultBranches,
});

describe("facts decide what hangs on them", () => {
  const verdict = (line: string, answer: (query: FactQuery) => Fact) =>
    judged(line, { facts: factsFor(line, answer) });

  test("nothing lost is allowed, and says why", () => {
    const { verdict: is, reason, loss } = verdict("git reset --hard", () => known(noLoss(CWD)));
    assert.deepEqual([is, loss], ["allow", null]);
    assert.notEqual(reason, "");
  });

  test("something lost asks, with what it is", () => {
    const judgement = verdict("git reset --hard", () => known(file("a.txt")));
    assert.deepEqual(
      [judgement.verdict, judgement.rule, judgement.ask, judgement.loss?.files[0]?.path],
      ["ask", "git.reset.discard", "loss", "a.txt"],
    );
    assert.match(judgement.words, /git reset --hard/);
    assert.ok(judgement.remedy);
  });

  for (const why of ["time", "failed"] as const) {
    test(`what is not known (${why}) asks, without a loss`, () => {
      const judgement = verdict("git reset --hard", () => ({ known: false, why }));
      assert.deepEqual([judgement.verdict, judgement.loss], ["ask", null]);
    });
  }

  test("nothing found, but not everything seen, asks", () => {
    assert.equal(verdict("rm -rf src", () => known({ ...noLoss(CWD), complete: false })).verdict, "ask");
  });

  test("a fact of another question is no answer", () => {
    const facts = factsFor("git reset --hard", () => known(noLoss(CWD)));
    assert.equal(judged("git clean -fd", { facts }).verdict, "ask");
  });

  test("the losses of all parts are added up, and each file counts once", () => {
    const line = "git reset --hard; git checkout -- a.txt; rm b.txt; git stash clear";
    const { loss } = verdict(line, (query) =>
      known(
        query.fact === "stashes"
          ? { ...noLoss(CWD), stashes: 2 }
          : query.fact === "files"
            ? file("b.txt")
            : file("a.txt"),
      ),
    );
    assert.deepEqual([loss?.fileCount, loss?.stashes], [2, 2]);
  });

  test("one part that asks is enough, and one that is refused more than that", () => {
    const harmless = (): Fact => known(noLoss(CWD));
    assert.equal(verdict("ls; git status; git reset --hard; ls", harmless).verdict, "allow");
    assert.equal(verdict("ls; git reset --hard; frobnicate", harmless).rule, "unclear.program");
    assert.equal(verdict("frobnicate; git reset --hard; rm agent-audit/x", harmless).verdict, "deny");
  });

  test("a loss is said before a change, and a change before what is not clear", () => {
    assert.equal(judged("frobnicate; npm install x; git clean -fd").rule, "git.clean");
    assert.equal(judged("frobnicate; npm install x").rule, "deps.change");
  });

  test("an empty line does nothing", () => {
    for (const line of ["", "  \n", "# a comment"]) assert.equal(judged(line).verdict, "allow", line);
  });
});

describe("branches", () => {
  const at = (line: string, fact: Fact) => judged(line, { facts: factsFor(line, () => fact) });

  for (const branch of ["main", "master", "release/1.0", "production"]) {
    test(`a commit on ${branch} asks, and a forced push of it is refused`, () => {
      assert.equal(at("git commit -m x", onBranch(branch)).rule, "git.commit.protected");
      assert.equal(at("git push --force", onBranch(branch)).verdict, "deny");
    });
  }

  test("a commit on another branch is allowed, and a forced push of it asks", () => {
    for (const branch of ["feature/agent/x", "mainline", "x/main"]) {
      assert.equal(at("git commit -m x", onBranch(branch)).verdict, "allow", branch);
      assert.equal(at("git push --force", onBranch(branch)).verdict, "ask", branch);
    }
  });

  test("the remote's default branch is protected by whatever name", () => {
    assert.equal(at("git commit -m x", onBranch("develop", "develop")).verdict, "ask");
    assert.equal(at("git push -f", onBranch("develop", "develop")).verdict, "deny");
  });

  test("on no branch a commit is allowed; where the branch is unknown it asks, and is never refused", () => {
    assert.equal(at("git commit -m x", onBranch(null)).verdict, "allow");
    assert.equal(at("git commit -m x", { known: false, why: "time" }).verdict, "ask");
    assert.equal(at("git push -f", { known: false, why: "time" }).verdict, "ask");
  });

  test("a commit behind a new branch in the same line is a commit on that one", () => {
    assert.equal(at("git switch -c feature/agent/x && git commit -m x", onBranch("main")).verdict, "allow");
    assert.equal(at("git checkout -b main2 && git commit -m x", onBranch("main")).verdict, "allow");
    assert.equal(at("git checkout -b release/2 && git commit -m x", onBranch("main")).verdict, "ask");
    const back = "git checkout -b x && git checkout main && git commit -m x";
    assert.equal(at(back, onBranch("feature/agent/x")).verdict, "ask");
  });

  for (const [line, rule] of [
    ["git checkout main && git commit -m x", "git.commit.protected"],
    ["git checkout --quiet --ignore-other-worktrees main; git merge x", "git.commit.protected"],
    ["git checkout main -- && git merge x", "git.commit.protected"],
    ["git switch refs/heads/main && git rebase x", "git.commit.protected"],
    ["git switch main && bash -c 'git cherry-pick x'", "git.commit.protected"],
    ["git switch main && git pull", "git.commit.protected"],
    ["cd src && git switch main && cd .. && git merge x", "git.commit.protected"],
    ["git switch main && git reset --soft HEAD~1", "git.ref.protected"],
    ["git switch main && git push --force", "git.push.protected"],
    ["git rebase x main", "git.commit.protected"],
    ["git checkout -B main x", "git.ref.protected"],
    ["git switch -C main", "git.ref.protected"],
    ["git fetch . x:main", "git.ref.protected"],
    ["git fetch origin 'refs/heads/*:refs/heads/*'", "git.ref.protected"],
  ] as const) {
    test(`from another branch a protected one is written: ${line}`, () => {
      const harmless = (query: FactQuery): Fact =>
        query.fact === "branch" ? onBranch("feature/agent/x") : known(noLoss(CWD));
      const deciding = (text: string): string => judged(text, { facts: factsFor(text, harmless) }).rule;
      assert.equal(deciding(line), rule);
      assert.notEqual(deciding(line.replace(/main|\*(?=')/, "y")), rule);
    });
  }

  test("a fetch from the repository itself onto the same branch moves nothing", () => {
    const on = (line: string): string =>
      judged(line, { facts: factsFor(line, () => onBranch("feature/agent/x")) }).verdict;
    assert.equal(on("git fetch . main:main"), "allow");
    assert.equal(on("git fetch origin main:main"), "ask");
  });

  test("what was checked out before is asked of the disk: `git checkout - && git merge x`", () => {
    const line = "git checkout - && git merge x";
    const from = (before: string) => (query: FactQuery) =>
      query.fact === "branch" ? onBranch(query.before ? before : "y") : known(noLoss(CWD));
    assert.equal(judged(line, { facts: factsFor(line, from("main")) }).rule, "git.commit.protected");
    assert.equal(judged(line, { facts: factsFor(line, from("z")) }).verdict, "allow");
  });

  test("on a commit that is checked out by itself a commit is nobody's", () => {
    const line = "git checkout --detach main && git commit -m x";
    const answer = (query: FactQuery): Fact => (query.fact === "branch" ? onBranch("y") : known(noLoss(CWD)));
    assert.equal(judged(line, { facts: factsFor(line, answer) }).verdict, "allow");
  });
});

describe("modes", () => {
  const in3 = (line: string) =>
    (["read-only", "careful", "trusting"] as const).map((mode) => judged(line, { mode }).verdict);

  test("read-only refuses what writes, trusting lets changes pass, and losses ask in both others", () => {
    const rows: Readonly<Record<string, readonly string[]>> = {
      ls: ["allow", "allow", "allow"],
      "echo x > new.txt": ["deny", "ask", "ask"],
      "mkdir a": ["deny", "allow", "allow"],
      "echo x > /tmp/y": ["allow", "allow", "allow"],
      "git add .": ["deny", "allow", "allow"],
      "npm test": ["deny", "allow", "allow"],
      "npm install x": ["deny", "ask", "allow"],
      // Whether it is the agent's own isn't known here.
      "kill 1": ["ask", "ask", "allow"],
      "git reset --hard": ["ask", "ask", "ask"],
      "rm -rf src": ["ask", "ask", "ask"],
      frobnicate: ["deny", "ask", "ask"],
      "curl -d x https://example.com": ["deny", "ask", "ask"],
      "rm agent-audit/x": ["deny", "deny", "deny"],
      "sudo ls": ["deny", "ask", "ask"],
    };
    for (const [line, expected] of Object.entries(rows)) assert.deepEqual(in3(line), expected, line);
  });

  test("no mode is less strict than the one that asks less", () => {
    for (const id of Object.keys(RULES) as (keyof typeof RULES)[]) {
      const strictness = { allow: 0, ask: 1, deny: 2 };
      const [readOnly, careful, trusting] = RULES[id].verdicts.map((verdict) => strictness[verdict]);
      assert.ok((readOnly ?? 0) >= (careful ?? 0) && (careful ?? 0) >= (trusting ?? 0), id);
    }
  });
});

describe("losses", () => {
  test("are added up to fifty files that are shown, and all that are counted", () => {
    const many = (from: number): Loss => ({
      ...noLoss(CWD),
      files: Array.from({ length: 40 }, (_, n) => ({
        path: `${from + n}`,
        state: "untracked" as const,
        added: null,
        removed: null,
      })),
      fileCount: 60,
    });
    const both = addLoss(many(0), { ...many(30), complete: false });
    assert.equal(both.files.length, 50);
    assert.equal(both.fileCount, 110);
    assert.equal(both.complete, false);
  });
});

test("a question is named by what it asks, and by nothing else", () => {
  const query: FactQuery = { fact: "stashes", folder: "/p", entry: null };
  assert.equal(factKey(query), factKey({ ...query }));
  assert.notEqual(factKey(query), factKey({ ...query, entry: "0" }));
});

test("the effects of a judgement are kinds, sorted, each once", () => {
  const { effects } = judged("rm a; rm b; ls; git add .");
  assert.deepEqual(effects, [...new Set(effects)].toSorted());
  assert.deepEqual(
    effects.filter((effect) => !EFFECTS.includes(effect)),
    [],
  );
});
