import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { EventBody } from "../../extension/events/event.ts";
import { message, ROOT } from "../panel/events.ts";
import { enter, stateNamed } from "./enter.ts";
import { launchBrowser, Panel } from "./panel.ts";

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

const opening: readonly EventBody[] = [
  { type: "session.opened", agent: { id: "a", name: "Agent" }, cwd: ROOT },
  { type: "session.state", state: { name: "working" } },
];

function calls(count: number, from = 0): EventBody[] {
  return Array.from({ length: count }, (_, at): EventBody => {
    const kind = (from + at) % 10 === 0 ? "edit" : "command";
    const title = `step ${from + at}`;
    return {
      type: "call",
      turn: 1,
      call: `c${from + at}`,
      patch: { kind, title, asked: title, status: "done" },
    };
  });
}

async function opened(...events: EventBody[]): Promise<Panel> {
  const panel = await Panel.open(browser);
  return panel.session(...opening, ...events);
}

const bottom = (panel: Panel): Promise<number> =>
  panel.page.evaluate(() => Math.round(document.querySelector(".scroller")?.scrollTop ?? Number.NaN));
const lastShown = (panel: Panel): Promise<boolean> =>
  panel.page.evaluate(() => {
    const rows = document.querySelectorAll(".conversation .row");
    const stage = document.querySelector(".stage")?.getBoundingClientRect();
    const row = rows[rows.length - 1]?.getBoundingClientRect();
    return row !== undefined && stage !== undefined && row.bottom <= stage.bottom + 1;
  });

void test("few rows stand at the top; many stay at their end as new ones come", async () => {
  const panel = await opened(message("m1", "Hello"));
  const top = await panel.page.evaluate(
    () => document.querySelector(".row")?.getBoundingClientRect().top ?? 0,
  );
  assert.ok(top < 150, String(top));
  await panel.happen(...calls(100));
  assert.equal(await lastShown(panel), true);
  await panel.happen(...calls(3, 100));
  assert.equal(await lastShown(panel), true);
  await panel.close();
});

void test("what one reads does not move when rows come, and a button leads to what is new", async () => {
  const panel = await opened(...calls(100));
  await panel.page.hover(".scroller >> nth=0");
  await panel.page.mouse.wheel(0, -400);
  await panel.page.waitForTimeout(200);
  const place = () =>
    panel.page.evaluate(() => {
      const row = document.elementFromPoint(200, 300)?.closest<HTMLElement>("[data-index]");
      return [row?.dataset["index"], Math.round(row?.getBoundingClientRect().top ?? 0)];
    });
  const before = await place();
  await panel.happen(...calls(5, 100), message("m1", "Text that comes below.\n\n".repeat(10)));
  await panel.settled();
  assert.deepEqual(await place(), before);
  await panel.page.click("text=New below");
  await panel.page.waitForTimeout(200);
  assert.equal(await lastShown(panel), true);
  assert.equal(await panel.page.locator(".below-button").count(), 0);
  await panel.close();
});

void test("who sends a prompt while reading above is led to the end, where the answer comes", async () => {
  const panel = await opened(...calls(100), { type: "session.state", state: { name: "ready" } });
  await panel.page.hover(".scroller >> nth=0");
  await panel.page.mouse.wheel(0, -400);
  await panel.page.waitForTimeout(200);
  assert.equal(await lastShown(panel), false);
  await panel.page.fill("textarea", "/test");
  await panel.page.keyboard.press("Enter");
  await panel.happen(...calls(3, 100));
  await panel.settled();
  assert.equal(await lastShown(panel), true);
  assert.equal(await panel.page.locator(".below-button").count(), 0);
  await panel.close();
});

void test("a long session is scrolled back by pages, with few rows in the document, and End returns", async () => {
  const panel = await opened(...calls(3_000));
  assert.ok((await panel.page.locator(".row").count()) <= 200);
  await panel.page.hover(".scroller >> nth=0");
  for (let screen = 0; screen < 40; screen += 1) {
    await panel.page.mouse.wheel(0, -600);
    await panel.page.waitForTimeout(30);
  }
  await panel.settled();
  const first = await panel.page.locator(".row").first().getAttribute("data-index");
  assert.ok(Number(first) < 2_500, String(first));
  assert.ok((await panel.page.locator(".row").count()) <= 400);
  await panel.page.locator(".row[data-entry]").evaluate((row: HTMLElement) => row.focus());
  await panel.page.keyboard.press("Home");
  await panel.page.waitForSelector('[data-index="0"]');
  await panel.page.locator(".row[data-entry]").evaluate((row: HTMLElement) => row.focus());
  await panel.page.keyboard.press("End");
  await panel.page.waitForSelector('[data-index="2999"]');
  assert.equal(await bottom(panel), 0);
  await panel.close();
});

void test("a settled block is drawn once and kept, while the end of the message grows", async () => {
  const panel = await opened(message("m1", "First paragraph.\n\n```js\nlet a = 1;\n```\n\nSecond"));
  await panel.page.evaluate(() => {
    for (const element of document.querySelectorAll(".markdown p, .markdown pre"))
      element.setAttribute("data-seen", "");
  });
  await panel.happen(message("m1", " paragraph grows.\n\n- a list\n- of two\n\nEnd."));
  const seen = await panel.page.evaluate(() =>
    [...document.querySelectorAll(".markdown p, .markdown pre")].map((element) => [
      element.textContent,
      element.hasAttribute("data-seen"),
    ]),
  );
  assert.deepEqual(seen.slice(0, 2), [
    ["First paragraph.", true],
    ["let a = 1;", true],
  ]);
  assert.equal(seen.at(-1)?.[0], "End.");
  await panel.close();
});

void test("an item of a list is drawn once and kept, while the list grows and when its end settles", async () => {
  const panel = await opened(message("m1", "- one\n- two\n- thr"));
  await panel.page.evaluate(() => {
    for (const element of document.querySelectorAll(".markdown ul, .markdown li"))
      element.setAttribute("data-seen", "");
  });
  await panel.happen(message("m1", "ee\n- four\n"));
  const seen = () =>
    panel.page.evaluate(() =>
      [...document.querySelectorAll(".markdown ul, .markdown li")].map((element) => [
        element.textContent,
        element.hasAttribute("data-seen"),
      ]),
    );
  const [list, ...items] = await seen();
  assert.equal(list?.[1], true);
  assert.deepEqual(items.slice(0, 2), [
    ["one", true],
    ["two", true],
  ]);
  assert.deepEqual(
    items.map(([text]) => text),
    ["one", "two", "three", "four"],
  );
  await panel.happen(message("m1", "\nThe end."));
  assert.deepEqual((await seen()).slice(1, 3), items.slice(0, 2));
  assert.equal(await panel.page.locator(".markdown li").count(), 4);
  await panel.close();
});

void test("what is drawn together stays about a screen, and a long list shows no seam", async () => {
  const panel = await opened(message("m1", "Before.\n\n"));
  for (let at = 0; at < 10; at += 1) await panel.happen(message("m1", "- an item\n".repeat(100)));
  await panel.happen(message("m1", "\nAfter."));
  const { steps, most } = await panel.page.evaluate(() => {
    const items = [...document.querySelectorAll(".markdown .section:not(.settled) li")];
    const tops = items.map((item) => Math.round(item.getBoundingClientRect().top));
    const parts = [...document.querySelectorAll(".markdown .part")];
    return {
      steps: [...new Set(tops.slice(1).map((top, at) => top - (tops[at] ?? 0)))],
      most: Math.max(...parts.map((part) => part.querySelectorAll("*").length)),
    };
  });
  assert.deepEqual(steps, [20]);
  assert.ok(most <= 200, String(most));
  assert.equal(await panel.page.locator(".markdown li").count(), 1_000);
  await panel.close();
});

void test("nothing of an agent becomes markup but safe Markdown", async () => {
  const panel = await opened(
    message(
      "m1",
      '<img src=x onerror="document.title=1"> <script>document.title=2</script>\n\n' +
        "![a picture](https://example.com/x.png) [bad](javascript:alert(1)) [good](https://example.com/a)\n\n" +
        "rm \u202Efdp\n\n<b>bold?</b>",
    ),
    {
      type: "call",
      turn: 1,
      call: "x",
      patch: { kind: "command", asked: "echo \u200Bhidden\u202E", status: "done" },
    },
  );
  const text = (await panel.page.textContent(".rows")) ?? "";
  assert.match(text, /<img src=x/);
  assert.match(text, /<b>bold\?<\/b>/);
  assert.match(text, /a picture/);
  assert.match(text, /rm \\u202efdp/);
  assert.match(text, /echo \\u200bhidden\\u202e/);
  assert.equal(await panel.page.locator(".rows img, .rows script, .rows b").count(), 0);
  assert.equal(await panel.page.locator(".rows a").count(), 1);
  assert.equal(await panel.page.locator(".rows a[href]").count(), 0);
  await panel.page.click(".rows a");
  await panel.settled();
  assert.deepEqual(panel.last("openLink"), { type: "openLink", href: "https://example.com/a" });
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

void test("a call opens to its route, rule, reason, effects, input and diff", async () => {
  const panel = await Panel.open(browser, {
    height: 1_200,
    details: () => ({
      input: '{"command":"pytest"}',
      output: "all of it",
      dropped: 0,
      diffs: [{ path: "/x", added: 1, removed: 1, oldText: "old\n", newText: "new\n" }],
    }),
  });
  await enter(panel, stateNamed("details"));
  const text = (await panel.page.textContent('[data-status="failed"]')) ?? "";
  for (const part of [
    /uv\.run\.tool/,
    /uv\.lock says/,
    /run\.project\.test/,
    /runs the project's code/,
    /through Interlock/,
  ]) {
    assert.match(text, part);
  }
  assert.match(text, /"command": "pytest"/);
  assert.match((await panel.page.textContent(".diff")) ?? "", /-old\+new/);
  await panel.close();
});

void test("a route that is only shown is told in the row, as what would run, and opened says that it was not taken", async () => {
  const suggested = {
    kind: "same",
    rule: "uv.run.tool",
    from: "pytest -q",
    to: "uv run --locked pytest -q",
    reason: "uv.lock says so.",
  } as const;
  const panel = await opened({
    type: "call",
    turn: 1,
    call: "a",
    patch: {
      kind: "command",
      title: "pytest -q",
      asked: "pytest -q",
      run: "pytest -q",
      route: null,
      suggested,
    },
  });
  assert.match((await panel.page.textContent(".runs")) ?? "", /would run as\s+uv run --locked pytest -q/);
  await panel.page.click(".twist");
  await panel.settled();
  assert.match((await panel.page.textContent(".facts")) ?? "", /Route, not taken.*uv\.lock says so/s);
  await panel.close();
});

void test("an edit that was too large to compare shows no counts that were not counted", async () => {
  const diffs = [{ path: "/x/a.sql", added: 9_000, removed: 8_000, coarse: true }] as const;
  const panel = await opened({
    type: "call",
    turn: 1,
    call: "a",
    patch: { kind: "edit", title: "a.sql", status: "done", diffs },
  });
  const row = panel.page.locator('[data-status="done"]');
  assert.match((await row.textContent()) ?? "", /large change/);
  assert.doesNotMatch((await row.textContent()) ?? "", /9,000/);
  await panel.close();
});

void test("output keeps its colours, and only its last lines stand under a call", async () => {
  const panel = await opened(
    {
      type: "call",
      turn: 1,
      call: "x",
      patch: { kind: "command", asked: "make", status: "running", startedAt: Date.now() },
    },
    {
      type: "output",
      call: "x",
      text: `${Array.from({ length: 20 }, (_, line) => `line ${line}`).join("\n")}\n\u001b[32mgreen\u001b[0m`,
    },
  );
  const output = (await panel.page.textContent(".output")) ?? "";
  assert.match(output, /^line 13\n/);
  assert.equal(await panel.page.textContent(".ansi-green"), "green");
  await panel.happen({ type: "call", turn: 1, call: "x", patch: { status: "done", exit: 0, ms: 10 } });
  assert.equal(await panel.page.locator(".output").count(), 0);
  await panel.close();
});

void test("no call has a tick before it ran, and each says in words what became of it", async () => {
  const panel = await opened(
    ...(
      ["pending", "held", "running", "done", "failed", "rejected", "refused", "cancelled", "seen"] as const
    ).map((status): EventBody => ({
      type: "call",
      turn: 1,
      call: status,
      patch: { kind: "command", asked: status, status, doorways: [status === "seen" ? "observed" : "hook"] },
    })),
  );
  const words = await panel.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".row-call")].map((row) => [
      row.dataset["status"],
      row.querySelector(".outcome .mark")?.textContent,
      row.querySelector(".outcome .codicon-check") !== null,
    ]),
  );
  assert.deepEqual(words, [
    ["pending", "not run yet", false],
    ["held", "held", false],
    ["running", "running", false],
    ["done", "ran", true],
    ["failed", "failed", false],
    ["rejected", "held · you rejected", false],
    ["refused", "refused", false],
    ["cancelled", "stopped", false],
    ["seen", "ran · seen afterwards", false],
  ]);
  await panel.close();
});

void test("the log filters by kind and by text, follows what comes, and says when nothing matches", async () => {
  const panel = await opened(...calls(300));
  await panel.page.click("#tab-log");
  await panel.page.waitForSelector(".log .row");
  await panel.page.selectOption("select >> nth=0", "edit");
  await panel.settled();
  assert.equal(await panel.page.locator(".log .row").count(), 30);
  await panel.happen(...calls(11, 300));
  assert.equal(await panel.page.locator(".log .row").count(), 32);
  await panel.page.fill("input[type=search]", "step 29");
  await panel.page.waitForTimeout(300);
  assert.equal(await panel.page.locator(".log .row").count(), 1);
  await panel.page.fill("input[type=search]", "no such thing");
  await panel.page.waitForTimeout(300);
  assert.match((await panel.page.textContent(".log .empty")) ?? "", /Nothing matches/);
  await panel.close();
});

void test("draft, tab, opened rows and the place one reads survive a reload", async () => {
  const panel = await opened(...calls(1_000));
  await panel.page.fill("textarea", "a draft");
  await panel.page.hover(".scroller >> nth=0");
  for (let screen = 0; screen < 12; screen += 1) {
    await panel.page.mouse.wheel(0, -500);
    await panel.page.waitForTimeout(40);
  }
  await panel.settled();
  await panel.page.evaluate(() =>
    document.elementFromPoint(200, 300)?.closest<HTMLElement>(".call-line")?.click(),
  );
  await panel.page.waitForTimeout(400);
  const top = () =>
    panel.page.evaluate(() =>
      Number(document.elementFromPoint(200, 150)?.closest<HTMLElement>("[data-index]")?.dataset["index"]),
    );
  const before = await top();
  await panel.page.reload();
  await panel.page.waitForSelector(".row");
  await panel.page.waitForTimeout(400);
  assert.equal(await panel.page.inputValue("textarea"), "a draft");
  assert.equal(await top(), before);
  assert.equal(await panel.page.locator('.twist[aria-expanded="true"]').count(), 1);
  await panel.close();
});
