import assert from "node:assert/strict";
import { test } from "node:test";
import { approval } from "../panel/events.ts";
import { fullAsk, longAsk } from "./asks.ts";
import { cardPanels, DEAD_MS, focused } from "./cards.ts";

const opened = cardPanels();

void test("a command is edited in the card, and what runs instead is sent by its button alone", async () => {
  const panel = await opened("edit");
  assert.equal(await focused(panel), "TEXTAREA");
  const allow = panel.page.locator("[data-choice=edit]");
  assert.equal(await panel.page.inputValue(".reason textarea"), "uv add rich");
  assert.equal(await allow.getAttribute("aria-disabled"), "true", "nothing is changed yet");
  await allow.click({ force: true });
  await panel.page.focus(".reason textarea");
  await panel.page.keyboard.press("End");
  await panel.page.keyboard.type("==13");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.equal(panel.last("answer"), undefined, "Enter only leads to the button");
  assert.equal(await focused(panel), "Allow this instead");
  await panel.page.keyboard.press("Enter");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), {
    type: "answer",
    approval: "p1",
    choice: "edit",
    words: "uv add rich==13",
  });
  await panel.close();
});

void test("what is typed goes with a card that changes, and its new one is dead at first", async () => {
  const panel = await opened("edit");
  await panel.page.keyboard.type("==13");
  await panel.happen({
    type: "approval.settled",
    approval: "p1",
    settlement: { choice: "reject", by: "rule" },
  });
  assert.equal(await panel.page.locator(".card").count(), 0);
  await panel.happen({ type: "approval.opened", approval: approval("p9", "run") });
  assert.equal(await panel.page.locator(".reason").count(), 0);
  await panel.page.click("text=Allow once", { force: true });
  assert.equal(panel.last("answer"), undefined);
  await panel.close();
});

void test("editing needs the command in sight to its end, as any yes", async () => {
  const panel = await opened("working", { width: 300, height: 600 });
  const asked = longAsk;
  if (asked.type !== "approval.opened") throw new Error("no question");
  const { approval } = asked;
  const choices = [...approval.choices, "edit"] as const;
  await panel.happen({
    type: "approval.opened",
    approval: { ...approval, choices, editable: approval.asked },
  });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await panel.page.click(".more");
  const edit = panel.page.locator(".answer-line", { hasText: "Edit, then allow" });
  assert.equal(await edit.getAttribute("aria-disabled"), "true");
  await edit.click({ force: true });
  await panel.settled();
  assert.equal(await panel.page.locator(".reason").count(), 0);
  await panel.close();
});

void test("a rule is asked for from the card, dead for its first moment, and where it is proposed", async () => {
  const panel = await opened("working");
  const proposed = panel.page.locator(".card .proposal button");
  await panel.happen(fullAsk("allow"));
  await proposed.dispatchEvent("click");
  await panel.settled();
  assert.match(await proposed.innerText(), /Always allow… uv add \*/);
  assert.equal(panel.last("writeRule"), undefined);
  await panel.page.waitForTimeout(DEAD_MS + 50);
  await proposed.click();
  await panel.settled();
  assert.deepEqual(panel.last("writeRule"), { type: "writeRule", session: "s1", row: "c:held" });
  panel.intents.length = 0;
  await panel.page.click(".more");
  await panel.page.click("text=Write a rule…");
  await panel.settled();
  assert.deepEqual(panel.last("writeRule"), { type: "writeRule", session: "s1", row: "c:held" });
  await panel.close();
  const row = await opened("edited");
  assert.match((await row.page.textContent(".row-call >> nth=-1")) ?? "", /you changed it to uv add rich/);
  await row.page.click(".row-call .proposal button");
  await row.settled();
  assert.deepEqual(row.last("writeRule"), { type: "writeRule", session: "s1", row: "c:held" });
  await row.close();
});

void test("with all its answers listed the command stays in sight, and half the height is left", async () => {
  for (const width of [250, 300]) {
    const panel = await opened("answers", { width, height: 600 });
    const seen = await panel.page.evaluate(() => {
      const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
      const [command, body, card] = [box("#asked"), box(".card-body"), box(".approvals")];
      return {
        command: command !== undefined && body !== undefined && command.bottom <= body.bottom + 1,
        height: card?.height ?? 0,
        sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      };
    });
    assert.ok(seen.command && seen.height <= 226 && seen.sideways <= 0, JSON.stringify({ width, ...seen }));
    await panel.close();
  }
});

void test("a lock that is behind is asked about by its own answers, and its diff is a click away", async () => {
  const panel = await opened("working");
  await panel.happen({
    type: "approval.opened",
    approval: {
      ...approval("p9", "run"),
      kind: "lock",
      asked: "pytest",
      run: "uv lock",
      rule: "lock.stale",
      reason: "uv.lock is behind pyproject.toml: 2 packages would change (+ idna 3.9, rich 13.1 → 14.0).",
      choices: ["update-lock", "as-it-is", "reject"],
      diffs: ["uv.lock"],
    },
  });
  await panel.page.waitForTimeout(DEAD_MS + 50);
  assert.match((await panel.page.textContent(".card")) ?? "", /needs an up-to-date lock.*2 packages would/s);
  assert.equal(await panel.page.locator("[data-choice=allow-once]").count(), 0);
  await panel.page.focus("[data-entry]");
  assert.equal(await focused(panel), "Not now");
  await panel.page.click("[data-diff]");
  await panel.settled();
  assert.deepEqual(panel.last("openDiff"), { type: "openDiff", row: "c:run", file: 0 });
  await panel.page.click("[data-choice=as-it-is]");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), { type: "answer", approval: "p9", choice: "as-it-is" });
  await panel.page.click("[data-choice=update-lock]");
  await panel.settled();
  assert.deepEqual(panel.last("answer"), { type: "answer", approval: "p9", choice: "update-lock" });
  await panel.close();
});

void test("another program is asked about with both findings side by side, and by its own answers", async () => {
  for (const width of [300, 460]) {
    const panel = await opened("working", { width });
    const findings = (program: string, ...lines: string[]) => ({
      program,
      lines,
      more: 0,
      count: lines.length,
      exit: 1,
    });
    await panel.happen({
      type: "approval.opened",
      approval: {
        ...approval("p9", "run"),
        kind: "swap",
        asked: "flake8 src",
        run: "ruff check src",
        rule: "swap.flake8",
        reason: "flake8 isn't part of this project; ruff would answer.",
        swap: {
          tool: "flake8",
          by: "ruff",
          findings: [
            findings("flake8", "src/a.py:1:1: F401 'os' imported but unused", "src/a.py:9:80: E501"),
            findings("ruff", "src/a.py:1:8: F401 `os` imported but unused"),
          ],
        },
        choices: ["use-swap", "as-asked", "never-swap", "reject"],
      },
    });
    await panel.page.waitForTimeout(DEAD_MS + 50);
    const text = (await panel.page.textContent(".card")) ?? "";
    assert.match(text, /flake8 isn't part of this project; ruff would answer\./);
    assert.match(
      text,
      /flake8 has 2 findings.*ruff has 1 finding.*Compare: flake8 has 2 findings · ruff has 1 finding/s,
    );
    assert.equal(await panel.page.locator("[data-choice=allow-once]").count(), 0);
    const [left, right] = await panel.page
      .locator(".findings > section")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    const sideBySide = left?.y === right?.y && (left?.right ?? 0) < (right?.left ?? 0);
    assert.equal(sideBySide, width === 460, "where there is room");
    assert.equal(await panel.page.locator(".findings").isVisible(), width === 460);
    await panel.page.focus("[data-entry]");
    assert.equal(await focused(panel), "Reject");
    await panel.page.getByText("Compare:").click();
    await panel.settled();
    assert.deepEqual(panel.last("compareFindings"), { type: "compareFindings", approval: "p9" });
    for (const choice of ["never-swap", "as-asked", "use-swap"]) {
      await panel.page.click(`[data-choice=${choice}]`);
      await panel.settled();
      assert.deepEqual(panel.last("answer"), { type: "answer", approval: "p9", choice });
    }
    await panel.close();
  }
});
