import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ARCHIVE_CHARACTERS, CallArchive } from "../../extension/panel/archive.ts";
import { parseIntent } from "../../extension/panel/intent.ts";
import { pageHtml } from "../../extension/panel/page.ts";
import { shortPath } from "../../extension/panel/places.ts";
import { Rows } from "../../extension/panel/rows.ts";
import { unifiedDiff } from "../../extension/panel/unified.ts";
import { EventSource } from "./events.ts";

test("a unified diff turns the old text into the new one", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const text = (all: string[]) => all.map((line) => `${line}\n`).join("");
      assert.deepEqual(patched(before, unifiedDiff(text(before), text(after))), after);
    }),
  );
});

function patched(before: readonly string[], diff: string): string[] {
  const after: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(0, -1)) {
    const hunk = /^@@ -(\d+),(\d+) \+/.exec(line);
    if (hunk) {
      const start = Number(hunk[2]) === 0 ? Number(hunk[1]) - 1 : Number(hunk[1]) - 1;
      while (at < start) after.push(before[at++] ?? "");
    } else if (line.startsWith("+")) after.push(line.slice(1));
    else {
      assert.equal(before[at], line.slice(1));
      if (line.startsWith(" ")) after.push(line.slice(1));
      at += 1;
    }
  }
  return [...after, ...before.slice(at)];
}

test("a diff of two large unlike texts replaces the one by the other", () => {
  const many = (seed: string) => Array.from({ length: 5_000 }, (_, line) => `${seed}${line}\n`).join("");
  assert.equal(unifiedDiff(many("a"), many("b")).split("\n").length, 10_002);
});

test("the oldest rows become light when a conversation outgrows its budget, the newest stay whole", () => {
  const rows = new Rows(500_000);
  for (let index = 0; index < 400; index += 1) {
    rows.append({ type: "agent", id: `m:${index}`, at: 0, text: "x".repeat(3_000) });
  }
  const first = rows.at(0);
  const last = rows.at(399);
  assert.ok(first?.type === "agent" && last?.type === "agent");
  assert.deepEqual([first.text.length, first.cut], [2_048, true]);
  assert.deepEqual([last.text.length, last.cut], [3_000, undefined]);
});

test("the archive forgets the oldest calls first and stays inside its budget", () => {
  const archive = new CallArchive(10_000);
  const source = new EventSource();
  for (let call = 0; call < 20; call += 1) {
    archive.apply(source.make({ type: "output", call: `c${call}`, text: "x".repeat(1_000) }));
  }
  assert.equal(archive.details("c0"), undefined);
  assert.equal(archive.details("c19")?.output.length, 1_000);
  assert.ok(ARCHIVE_CHARACTERS > 0);
});

test("an intent that is unknown, too long or of the wrong shape is refused", () => {
  assert.equal(parseIntent({ type: "ready" }).ok, true);
  assert.equal(parseIntent({ type: "executeCommand", command: "x" }).ok, false);
  assert.equal(parseIntent({ type: "openLink", href: "x".repeat(3_000) }).ok, false);
  assert.equal(parseIntent({ type: "answer", approval: "a", choice: "allow-always" }).ok, false);
  assert.equal(parseIntent("ready").ok, false);
});

test("the page's policy stands first in its head and lets in nothing by default", () => {
  const html = pageHtml({
    script: "s.js",
    styles: ["a.css"],
    source: "https://x",
    nonce: "abc",
    language: "de",
  });
  assert.match(
    html,
    /<head>\s*<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-abc';/,
  );
  assert.match(html, /require-trusted-types-for 'script'/);
  assert.doesNotMatch(html, /unsafe/);
});

test("a path inside the workspace is shown without the way to it", () => {
  const one = [{ name: "sample", path: "/w/sample" }];
  const two = [...one, { name: "lib", path: "/w/lib" }];
  assert.equal(shortPath(one, "/w/sample/api/a.py"), "api/a.py");
  assert.equal(shortPath(one, "/w/sample"), "sample");
  assert.equal(shortPath(one, "/w/sample-two/a"), "/w/sample-two/a");
  assert.equal(shortPath(two, "/w/lib/b"), "lib/b");
  assert.equal(shortPath([{ name: "s", path: "C:\\w\\s" }], "C:\\w\\s\\a\\b"), "a/b");
});
