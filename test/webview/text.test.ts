import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Tokens } from "marked";
import { spoken } from "../../webview/markdown/spoken.ts";
import { MarkdownStream, type Settled } from "../../webview/markdown/stream.ts";
import { ansiPieces, lastLines } from "../../webview/text/ansi.ts";
import { safeLink } from "../../webview/text/links.ts";
import { stopWord } from "../../webview/text/words.ts";

/** All settled pieces and the live end of a text that comes in chunks, as plain text. */
function streamed(text: string, size: number): { settled: Settled[]; all: string } {
  const stream = new MarkdownStream();
  const settled: Settled[] = [];
  for (let at = 0; at < text.length; at += size) settled.push(...stream.append(text.slice(at, at + size)));
  const live = stream.live();
  const last = live.kind === "code" ? live.text : live.tokens.map((token) => token.raw).join("");
  const all = [
    ...settled.map((piece) => ("token" in piece ? piece.token.raw : "text" in piece ? piece.text : "")),
    last,
  ];
  return { settled, all: all.join("") };
}

const blocks =
  "# Head\n\nSome *text*.\n\n- one\n- two\n\n```js\nlet a;\n\nlet b;\n```\n\n| a |\n|---|\n| 1 |\n\nEnd.\n";

void test("a message settles into the same blocks however it is cut", () => {
  const kinds = (size: number) =>
    streamed(blocks, size).settled.map((piece) =>
      piece.kind === "token" ? piece.token.type : piece.kind.replace("code-start", "code"),
    );
  for (const size of [2, 3, 7, 20]) {
    assert.deepEqual(
      kinds(size).filter((kind) => kind !== "code-lines" && kind !== "code-end"),
      ["heading", "paragraph", "list", "code", "table"],
    );
  }
});

void test("no word of a message is lost, whatever it is made of", () => {
  const piece = fc.constantFrom(
    "word ",
    "\n",
    "\n\n",
    "- item",
    "1. one",
    "\n```\n",
    "`",
    "**",
    "# ",
    "> ",
    "| a |",
    "    ",
    "<b>",
    "\r\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      const text = pieces.join("");
      const words = (all: string) => all.match(/word|item|one|a/g)?.length ?? 0;
      assert.equal(words(streamed(text, size).all), words(text));
    }),
  );
});

void test("what is live stays short in one endless paragraph, list or code block", () => {
  for (const text of [
    "word ".repeat(12_000),
    "x".repeat(60_000),
    "- an item\n".repeat(6_000),
    `\`\`\`\n${"code\n".repeat(12_000)}`,
  ]) {
    const stream = new MarkdownStream();
    for (let at = 0; at < text.length; at += 50) stream.append(text.slice(at, at + 50));
    const live = stream.live();
    const length =
      live.kind === "code" ? live.text.length : live.tokens.reduce((sum, token) => sum + token.raw.length, 0);
    assert.ok(length <= 16_000, `${text.slice(0, 10)}: ${length}`);
  }
});

void test("an ordered list that settles in part counts on", () => {
  const stream = new MarkdownStream();
  const starts: unknown[] = [];
  for (let item = 1; item <= 200; item += 1) {
    for (const piece of stream.append(`1. item number ${item}\n`)) {
      if (piece.kind === "token" && piece.token.type === "list") starts.push(piece.token["start"]);
    }
  }
  const live = stream.live();
  const token =
    live.kind === "tokens" ? live.tokens.find((one): one is Tokens.List => one.type === "list") : undefined;
  assert.ok(starts.length > 2);
  assert.deepEqual(
    [...starts].sort((one, other) => Number(one) - Number(other)),
    starts,
  );
  assert.ok(Number(token?.start) > 150, `the last items start at ${token?.start}`);
});

void test("a screen reader hears the words of Markdown, and none of its marks", () => {
  const answer =
    "## Done\n\nI **fixed** the `login` test, see [the docs](https://a.b/c).\n\n- [x] lint\n- *types* &amp; tests:\n  1. a\n\n" +
    "| a | b |\n|---|---|\n| 1 | `2` |\n\n```sh\nnpm test\n```\n\n---\n\n> All green!\n\n![a picture](x.png) <b>x</b>";
  assert.equal(
    spoken(answer),
    "Done. I fixed the login test, see the docs. lint. types & tests: a. a, b. 1, 2. npm test. All green! a picture <b>x</b>",
  );
  assert.equal(spoken("Cut **of"), "Cut **of.");
});

void test("terminal colours are kept as classes, and nothing else of the terminal", () => {
  assert.deepEqual(ansiPieces("a\u001b[1;31mb\u001b[0mc"), [
    { text: "a", classes: "" },
    { text: "b", classes: "ansi-red ansi-bold" },
    { text: "c", classes: "" },
  ]);
  assert.deepEqual(ansiPieces("\u001b[38;5;196mx\u001b[38;2;0;255;0my\u001b[48;5;1;39mz"), [
    { text: "x", classes: "ansi-bright-red" },
    { text: "y", classes: "ansi-bright-green" },
    { text: "z", classes: "" },
  ]);
});

void test("text can't be hidden by concealing it or by printing it on its own colour", () => {
  const pieces = ansiPieces("\u001b[8mhidden\u001b[28m \u001b[31;41mred on red");
  assert.equal(pieces.map((piece) => piece.text).join(""), "hidden red on red");
  assert.deepEqual(
    pieces.map((piece) => piece.classes),
    ["", "", "ansi-red"],
  );
});

void test("a cursor that moves, a title and a link leave only their text; a lone control is shown", () => {
  const link = "\u001b]8;;https://x\u001b\\text\u001b]8;;\u001b\\";
  assert.equal(
    ansiPieces(`\u001b[2K\u001b[1A${link}\u001b]0;title\u0007 \u0008`)
      .map((piece) => piece.text)
      .join(""),
    "text \\x08",
  );
});

void test("a line that is written again shows its last state", () => {
  assert.equal(
    ansiPieces("10%\r50%\r100%\r\nnext")
      .map((piece) => piece.text)
      .join(""),
    "100%\nnext",
  );
});

void test("the last lines leave out empty ones at the end", () => {
  assert.equal(lastLines("a\nb\nc\n\n", 2), "b\nc");
  assert.equal(lastLines("a", 8), "a");
  assert.equal(lastLines("\n\n", 8), "");
});

void test("a link is followed only where it leads to a page or a mail", () => {
  for (const href of ["https://a.b/c", "mailto:a@b"]) assert.equal(safeLink(href), href);
  for (const href of [
    "javascript:alert(1)",
    "command:x",
    "vscode://a",
    "data:text/html,x",
    "java\nscript:x",
    "",
    "#a",
    "src/a.ts#L3",
  ]) {
    assert.equal(safeLink(href), undefined, href);
  }
});

void test("a turn that was broken off is said to have stopped, and not by whom: that is not known", () => {
  assert.equal(stopWord("cancelled"), "Stopped");
});
