import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";

import { probe } from "../../extension/door/probe.ts";
import { decide } from "../../extension/policy/decide.ts";
import { pathGlob } from "../../extension/policy/globs.ts";
import { PolicySource } from "../../extension/policy/source.ts";
import { hashOf } from "../../extension/policy/trust.ts";
import { tempDir } from "../harness/temp.ts";
import { analysisOf, factsOf, ROOT, type Said } from "./support.ts";

const rule = { reason: "Because.", remedy: "Instead." };
const STRICT: Said = { deny: [{ ...rule, id: "x.deny", command: "npm publish" }] };
const LOOSE: Said = { allow: [{ ...rule, id: "x.allow", command: "npm install **" }] };
const LINE = "npm install left-pad";

async function project(t: TestContext) {
  const base = await tempDir(t);
  const [userFile, projectFile] = [join(base, "policy.json"), join(base, "agent-policy.json")];
  const stateDirectory = join(base, "state");
  const places = { userFile, projectFile, repository: join(base, ".git"), stateDirectory };
  const source = new PolicySource(places, probe);
  return {
    base,
    source,
    places,
    write: async (said: Said | string, path = projectFile): Promise<string> => {
      const text = typeof said === "string" ? said : JSON.stringify({ version: 1, ...said });
      await writeFile(path, text);
      return hashOf(text);
    },
    writeUser: (said: Said) => writeFile(userFile, JSON.stringify({ version: 1, ...said })),
    remove: () => rm(projectFile),
    verdict: (line = LINE, from = source): string => {
      const analysis = analysisOf(line);
      const facts = factsOf(analysis, { branch: "x" });
      const { verdict, rule } = decide(analysis, facts, from.current().inForce, {
        mode: "careful",
        roots: [ROOT],
      });
      return `${verdict} ${rule}`;
    },
  };
}

describe("a repository's policy", () => {
  test("tightens as soon as it is saved", async (t) => {
    const { write, verdict, source } = await project(t);
    assert.equal(verdict("npm publish"), "ask publish");
    await write(STRICT);
    assert.equal(verdict("npm publish"), "deny x.deny");
    assert.deepEqual(source.current().pending?.loosens, []);
  });

  test("loosens only once a person has accepted that very text", async (t) => {
    const { write, verdict, source } = await project(t);
    const hash = await write(LOOSE);
    assert.equal(verdict(), "ask deps.change");
    const { pending } = source.current();
    assert.deepEqual(pending?.loosens, [{ what: "x.allow", message: "Allows “npm install **”: Because." }]);
    assert.deepEqual(await source.accept(pending.hash), { ok: true, value: undefined });
    assert.equal(pending.hash, hash);
    assert.equal(verdict(), "allow x.allow");
    assert.equal(source.current().pending, null);
  });

  test("counts as it was accepted, whatever the file says since", async (t) => {
    const { write, verdict, source, remove } = await project(t);
    await source.accept(await write({ ...LOOSE, ...STRICT }));
    await write({ allow: [...(LOOSE.allow ?? []), { ...rule, id: "x.all", effect: "publish" }] });
    assert.equal(verdict("npm publish"), "deny x.deny");
    assert.deepEqual(
      source.current().pending?.loosens.map(({ what }) => what),
      ["x.deny", "x.all"],
    );
    await remove();
    assert.equal(verdict("npm publish"), "deny x.deny");
    assert.equal(verdict(), "ask deps.change", "what the file no longer allows is asked about");
    await write({ ...LOOSE, ...STRICT });
    assert.equal(verdict(), "allow x.allow");
  });

  test("can be accepted as gone", async (t) => {
    const { write, verdict, source, remove } = await project(t);
    await source.accept(await write(STRICT));
    await remove();
    const { pending } = source.current();
    assert.equal(pending?.loosens.length, 1);
    assert.ok((await source.accept(pending.hash)).ok);
    assert.equal(source.current().pending, null);
    assert.equal(verdict("npm publish"), "ask publish");
  });

  test("is not accepted where it has changed since it was shown, or can't be read", async (t) => {
    const { write, verdict, source } = await project(t);
    const seen = await write(LOOSE);
    await write({ allow: [...(LOOSE.allow ?? []), { ...rule, id: "x.b", effect: "publish" }] });
    const changed = await source.accept(seen);
    assert.equal(changed.ok ? "" : changed.error.code, "policy.changed");
    const broken = await source.accept(await write("{"));
    assert.equal(broken.ok ? "" : broken.error.code, "policy.broken");
    await write(LOOSE);
    assert.equal(verdict(), "ask deps.change");
  });

  test("is accepted for all worktrees and hosts of the repository, and for no other", async (t) => {
    const { base, write, verdict, source, places } = await project(t);
    const hash = await write(LOOSE);
    await source.accept(hash);
    const projectFile = join(base, "worktree.json");
    await writeFile(projectFile, await readFile(places.projectFile));
    assert.equal(verdict(LINE, new PolicySource({ ...places, projectFile }, probe)), "allow x.allow");
    const other = new PolicySource({ ...places, repository: "/elsewhere/.git" }, probe);
    assert.equal(verdict(LINE, other), "ask deps.change");
  });

  test("is kept where only the person may read it, and in one step", async (t) => {
    const { write, source, places } = await project(t);
    await source.accept(await write(LOOSE));
    const folder = join(places.stateDirectory, "policy");
    const names = await readdir(folder);
    assert.equal(names.length, 1);
    assert.equal((await stat(join(folder, names[0] ?? ""))).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  test("counts as not accepted where what was kept was tampered with", async (t) => {
    const { write, verdict, source, places } = await project(t);
    await source.accept(await write(STRICT));
    const folder = join(places.stateDirectory, "policy");
    const path = join(folder, (await readdir(folder))[0] ?? "");
    const kept = JSON.parse(await readFile(path, "utf8")) as { text: string };
    await writeFile(path, JSON.stringify({ ...kept, text: JSON.stringify({ version: 1, ...LOOSE }) }));
    await write(LOOSE);
    assert.equal(verdict(), "ask deps.change");
    await writeFile(path, "no json");
    assert.equal(verdict(), "ask deps.change");
  });
});

describe("a file that can't be read", () => {
  const broken: Readonly<Record<string, string>> = {
    "no JSON": "{",
    "an unknown key": '{ "version": 1, "x": 1 }',
    "a newer version": '{ "version": 2 }',
    "an example that fails":
      '{ "version": 1, "deny": [{ "id": "a.b", "reason": "R", "remedy": "M", "command": "x", "match": ["y"] }] }',
  };
  for (const [title, text] of Object.entries(broken)) {
    test(`${title}: asks about everything, and keeps what was in order last`, async (t) => {
      const { write, verdict, source } = await project(t);
      await source.accept(await write(LOOSE));
      await write({ ...LOOSE, ...STRICT });
      assert.equal(verdict("npm publish"), "deny x.deny");
      await write(text);
      assert.equal(verdict("ls"), "ask policy.unreadable");
      assert.equal(verdict(), "ask policy.unreadable");
      assert.equal(verdict("npm publish"), "deny x.deny");
      assert.equal(source.current().project.problems.length, 1);
      assert.match(source.current().inForce.unreadable?.words ?? "", /^agent-policy.json:1:\d+ ./);
      assert.equal(source.current().pending, null);
      await write(LOOSE);
      assert.equal(verdict("ls"), "allow read");
    });
  }

  test("is told from none: a folder, a huge file, one without rights", async (t) => {
    const { places, write, verdict, remove } = await project(t);
    await mkdir(places.projectFile);
    assert.equal(verdict("ls"), "ask policy.unreadable");
    await rm(places.projectFile, { recursive: true });
    assert.equal(verdict("ls"), "allow read");
    await write(`{ "version": 1 }${" ".repeat(300_000)}`);
    assert.equal(verdict("ls"), "ask policy.unreadable");
    await remove();
    await write(STRICT);
    await chmod(places.projectFile, 0);
    // Whoever may read everything is not held back by rights.
    assert.match(verdict("ls"), process.getuid?.() === 0 ? /^allow/ : /^ask policy.unreadable/);
  });

  test("of the user's own asks as well", async (t) => {
    const { places, write, verdict } = await project(t);
    await write('{ "version": 1, "y": 2 }', places.userFile);
    assert.equal(verdict("ls"), "ask policy.unreadable");
  });
});

describe("what a policy says beside verdicts", () => {
  test("is the strictest of all that is said, accepted or not", async (t) => {
    const { source, write, writeUser } = await project(t);
    assert.deepEqual(source.current().settings, {
      restore: [],
      spendPerRun: null,
      spendPerDay: null,
      where: "folder",
    });
    await writeUser({ spend: { perRun: 2 }, files: { restore: [".env"] } });
    await source.accept(await write({ spend: { perRun: 1, perDay: 9 }, sessions: { where: "worktree" } }));
    await write({ spend: { perRun: 5, perDay: 4 }, files: { restore: ["data.db"] } });
    assert.deepEqual(source.current().settings, {
      restore: [".env", "data.db"].map(pathGlob),
      spendPerRun: 1,
      spendPerDay: 4,
      where: "worktree",
    });
  });
});

describe("the user's policy", () => {
  test("counts without being accepted", async (t) => {
    const { writeUser, verdict } = await project(t);
    await writeUser(LOOSE);
    assert.equal(verdict(), "allow x.allow");
  });
});

test("a file is read again when it changes, even where its time and size stay the same", async (t) => {
  const { write, verdict, source, places } = await project(t);
  const state = source.current();
  assert.equal(source.current(), state, "and not when it doesn't");
  await write({ deny: [{ ...rule, id: "x.a", command: "npm publish" }] });
  assert.equal(verdict("npm publish"), "deny x.a");
  const { atime, mtime } = await stat(places.projectFile);
  await write({ deny: [{ ...rule, id: "x.b", command: "npm publish" }] });
  await utimes(places.projectFile, atime, mtime);
  assert.equal(verdict("npm publish"), "deny x.b");
});

describe("rules for a repository's policy", () => {
  const text = (said: Said): string => JSON.stringify({ version: 1, ...said });

  test("make the file where there is none, and what they loosen waits for the person's yes", async (t) => {
    const { source, places, verdict } = await project(t);
    const planned = source.planRules(text(LOOSE), "project");
    assert.ok(planned.ok);
    assert.equal(planned.value.before, null);
    assert.deepEqual(
      planned.value.loosens.map(({ what }) => what),
      ["x.allow"],
    );
    await assert.rejects(stat(places.projectFile), "it is only planned");
    const added = await source.addRules(text(LOOSE), "project", null);
    assert.ok(added.ok);
    const written = await readFile(places.projectFile, "utf8");
    assert.equal(written, planned.value.after, "what was shown is what is written");
    assert.match(written, /\/\/ Agent Access Policy: what coding agents may do in this project/);
    assert.equal((await stat(places.projectFile)).mode & 0o777, 0o644);
    await assert.rejects(stat(places.userFile), "the person's own is left alone");
    assert.equal(verdict(), "ask deps.change", "not in force yet");
    await source.accept(source.current().pending?.hash ?? "");
    assert.equal(verdict(), "allow x.allow");
  });

  test("that only refuse count at once, and leave comments and format as they are", async (t) => {
    const { source, places, write, verdict } = await project(t);
    const before = '{\n    // Ours.\n    "version": 1, // and this\n}\n';
    await write(before);
    const planned = source.planRules(text(STRICT), "project");
    assert.deepEqual(planned.ok && planned.value.loosens, []);
    assert.ok((await source.addRules(text(STRICT), "project", before)).ok);
    const written = await readFile(places.projectFile, "utf8");
    for (const kept of ["    // Ours.", '    "version": 1, // and this'])
      assert.ok(written.includes(kept), written);
    assert.equal(verdict("npm publish"), "deny x.deny");
  });

  test("are not written over a text that nobody has seen, nor into one that can't be read", async (t) => {
    const { source, places, write } = await project(t);
    await write(STRICT);
    const other = await source.addRules(text(LOOSE), "project", "{}");
    assert.equal(other.ok ? "" : other.error.code, "policy.changed");
    await write("{");
    for (const planned of [
      source.planRules(text(LOOSE), "project"),
      await source.addRules(text(LOOSE), "project"),
    ])
      assert.equal(planned.ok ? "" : planned.error.code, "policy.broken");
    assert.equal(await readFile(places.projectFile, "utf8"), "{");
  });

  test("follow no link out of the project, but one within it", async (t) => {
    const { base, source, places, verdict } = await project(t);
    const own = join(await tempDir(t), "policy.json");
    const before = '{ "version": 1 } // mine\n';
    await writeFile(own, before);
    await symlink(own, places.projectFile);
    for (const refused of [
      source.planRules(text(LOOSE), "project"),
      await source.addRules(text(LOOSE), "project", before),
    ])
      assert.equal(refused.ok ? "" : refused.error.code, "policy.linked");
    assert.equal(await readFile(own, "utf8"), before);
    assert.equal(verdict(), "ask deps.change");
    await rm(places.projectFile);
    const within = join(base, "config.json");
    await writeFile(within, before);
    await symlink("config.json", places.projectFile);
    assert.ok((await source.addRules(text(STRICT), "project", before)).ok);
    assert.match(await readFile(within, "utf8"), /x\.deny[^]*\/\/ mine/);
  });
});
