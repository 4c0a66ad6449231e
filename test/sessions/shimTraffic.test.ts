import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";

import type { Route } from "../../extension/toolchain/route.ts";
import type { Step } from "../agents/script.ts";
import { tempDir } from "../harness/temp.ts";
import { skipWithout } from "../harness/tools.ts";
import { openChanged, startChanged } from "./support/changed.ts";

const run = (line: string): Step => ({ shell: { line, wait: true, program: "/bin/bash" } });
const said = (opened: { readonly project: string }, name = "said"): Promise<string> =>
  readFile(join(opened.project, "..", name), "latin1");

/** A program of the test's own, behind the shims. */
async function program(t: TestContext, name: string, text: string): Promise<string> {
  const folder = await tempDir(t);
  await writeFile(join(folder, name), text, { mode: 0o755 });
  return folder;
}

/** Says each of its arguments with a NUL behind it. */
const SHOW = `#!/bin/sh\nprintf '%s\\0' "$@"\n`;

test("two hundred at once in each of two sessions: all are answered, and none by the other one", async (t) => {
  const parallel = "for i in $(seq 200); do pytest $i >../out.$i 2>&1 & done; wait; cat ../out.* >../said";
  const route =
    (name: string) =>
    (line: string): Route | null =>
      line.startsWith("pytest")
        ? {
            kind: "same",
            rule: name,
            from: line,
            to: line.replace("pytest", `printf '%s\\n' ${name}`),
            reason: "",
          }
        : null;
  const names = ["one", "other"];
  const sessions = await Promise.all(
    names.map((name) => startChanged(t, [[run(parallel)]], { route: route(name) })),
  );
  await Promise.all(sessions.map(({ session }) => session.prompt("go")));
  for (const [index, opened] of sessions.entries()) {
    const name = names[index] ?? "";
    const lines = (await said(opened)).trim().split("\n");
    const told = lines.filter((line) => line.startsWith("interlock: "));
    assert.equal(told.length, 200);
    assert.ok(told.every((line) => line.includes(`-> printf '%s\\n' ${name} `)));
    const rest = lines.filter((line) => !line.startsWith("interlock: "));
    assert.equal(rest.filter((line) => line === name).length, 200);
    const numbers = rest.filter((line) => line !== name).map(Number);
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: 200 }, (_, number) => number + 1),
    );
  }
});

test("a shim with another token, or of another session, is refused, and nothing is known of it", async (t) => {
  const other = await openChanged(t, [run('cp "$(command -v git)" ../shim')]);
  const text = await said(other, "shim");
  const token = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0] ?? "";
  assert.notEqual(token, "");
  const line = `mkdir ../wrong; shim=$(command -v git)
    sed "s/[0-9a-f]\\{8\\}-[0-9a-f-]\\{27\\}/${token}/g" "$shim" >../wrong/git; chmod +x ../wrong/git
    ../wrong/git status >../said 2>&1; echo $? >>../said
    sed "s/[0-9a-f]\\{8\\}-[0-9a-f-]\\{27\\}/''/g" "$shim" >../wrong/git
    ../wrong/git clean -fdx >>../said 2>&1; echo $? >>../said`;
  const opened = await openChanged(t, [run(line)]);
  assert.match(
    await said(opened),
    /^(interlock: This program belongs to another session[^\n]*\n[^\n]*\n126\n){2}$/,
  );
  assert.deepEqual(opened.rows(), []);
  assert.deepEqual(other.rows(), []);
});

test("arguments of any kind and length reach the program as they are", async (t) => {
  const path = await program(t, "show", SHOW);
  const words = [
    `''`,
    `"it's"`,
    `'say "so"'`,
    `$'a\\nb\\n'`,
    `$'\\n'`,
    `'$(echo x) \`y\` \${z}'`,
    `'\\'`,
    `'* ? [a] ~'`,
    `$'tab\\t cr\\r esc\\e del\\x7f'`,
    `-n`,
    `--`,
    `'%s\\0'`,
    `'ünï 日本'`,
    `$'\\xff\\xfe\\x80'`,
    `"$(printf '%05000d' 1)"`,
    `"$(printf 'x%.0s' $(seq 20000))"`,
  ];
  const line = `PATH=$PATH:${path}; show ${words.join(" ")} >../shown; ${path}/show ${words.join(" ")} >../direct; show >../none`;
  const opened = await openChanged(t, [run(line)], { shims: ["show"], answer: "allow-once" });
  const [shown, direct] = [await said(opened, "shown"), await said(opened, "direct")];
  assert.equal(shown.split("\0").length - 1, words.length);
  assert.ok(shown === direct);
  assert.equal(await said(opened, "none"), "\0");
});

test("a long path to the folder of the pipes is none too long", async (t) => {
  const base = join(
    await tempDir(t),
    ...Array.from({ length: 12 }, () => "a rather long name of a folder, it's so".repeat(2)),
  );
  await mkdir(base, { recursive: true });
  assert.ok(base.length > 900);
  const line = "git --version >../said 2>&1; git push --force origin main 2>>../said; echo $? >>../said";
  const opened = await openChanged(t, [run(line)], { base });
  assert.match(await said(opened), /^git version [^\n]+\ninterlock: [^\n]+\ninterlock: [^\n]+\n126\n$/);
});

test("in a sandbox whose disk can only be read, it asks, is refused, and passes by itself", async (t) => {
  const bwrap = await skipWithout(t, "bubblewrap");
  if (bwrap === undefined) return;
  // A container may forbid what a sandbox is made of.
  if (!works(bwrap)) return t.skip("bubblewrap can't run here.");
  const inside = `git status -s; git diff --stat; git reset --hard; echo $?; git log --oneline >/dev/null; echo $?; touch x`;
  const line = `git status -s >/dev/null; until grep -q "^# Table" "$(command -v git)"; do sleep 0.05; done
    ${bwrap} --ro-bind / / --dev /dev --proc /proc --unshare-pid --die-with-parent bash -c '${inside}' >../said 2>&1; sleep 0.3`;
  const opened = await openChanged(t, [run(line)], { answer: "reject" });
  const text = await said(opened);
  assert.match(
    text,
    /^ M a\.txt\n a\.txt [^]+\ninterlock: The person rejected[^\n]*\n[^]*126\n0\ntouch: .*Read-only/m,
  );
  assert.deepEqual(
    opened.rows().map(({ asked, verdict }) => [asked, verdict]),
    [
      ["git status -s", "allow"],
      ["git status -s", "allow"],
      ["git diff --stat", "allow"],
      ["git reset --hard", "ask"],
      ["git log --oneline", "allow"],
    ],
  );
});

function works(bwrap: string): boolean {
  try {
    execFileSync(
      bwrap,
      ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-pid", "true"],
      {
        stdio: "ignore",
      },
    );
    return true;
  } catch {
    return false;
  }
}
