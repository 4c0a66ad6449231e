import assert from "node:assert/strict";
import { test } from "node:test";
import { cardPanels } from "./cards.ts";
import { commitsLoss, lostRevision } from "./losses.ts";

const opened = cardPanels();

void test("it says what would be lost, each file one click from its diff, and that it can't be undone", async () => {
  const panel = await opened("loss", { height: 1_000 });
  const card = (await panel.page.textContent(".card")) ?? "";
  assert.match(card, /git reset --hard origin\/main/);
  assert.match(card, /in api/);
  assert.match(
    card,
    /Would lose 3 files with uncommitted changes \(\+121 −9\), 2 untracked files, 1 commit only here\./,
  );
  assert.match(card, /Rule\s+git\.reset\.discard/);
  assert.match(card, /Perhaps it can't be undone/);
  await panel.page.click("text=and 2 more files");
  await panel.page.click(".card .file >> nth=4");
  await panel.settled();
  assert.deepEqual(panel.last("openLoss"), { type: "openLoss", approval: "p1", file: 4 });
  await panel.close();
});

void test("commits and stash entries stand below the files, each one click or Enter from its diff", async () => {
  const panel = await opened("loss-commits", { width: 300, height: 1_000 });
  const { page } = panel;
  const rows = page.locator(".card .file");
  const listed = async (): Promise<readonly string[]> =>
    (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
  const first = "4578706 Export reports as CSV, with a header row and quoting as RFC 4180 has it";
  assert.deepEqual(await listed(), [
    "notes.md",
    first,
    "3139204 19 Look at a fixture",
    "3138204 18 Look at a fixture",
    "4f6e206 On main: half of the importer",
  ]);
  assert.equal(await rows.nth(1).getAttribute("title"), `Open the diff of ${first} (commit)`);
  const line = await rows.nth(1).evaluate((row) => ({
    height: row.getBoundingClientRect().height,
    cut: [...row.querySelectorAll(".subject")].some((each) => each.scrollWidth > each.clientWidth),
  }));
  assert.ok(line.cut && line.height < 30, "a long subject is cut, and wraps nothing");
  await rows.nth(4).focus();
  await page.keyboard.press("Enter");
  await panel.settled();
  assert.deepEqual(panel.last("openLostRevision"), {
    type: "openLostRevision",
    approval: "p1",
    revision: 20,
  });
  await page.click("text=and 20 more commits");
  await page.getByText("and 3 more commits").waitFor();
  assert.equal(await rows.count(), 22);
  await rows.nth(20).click();
  await panel.settled();
  assert.deepEqual(panel.last("openLostRevision"), {
    type: "openLostRevision",
    approval: "p1",
    revision: 19,
  });
  await panel.close();
});

void test("that something would be lost stays in sight, however long the command and whatever answers are open", async () => {
  for (const name of ["long-loss", "loss"]) {
    const panel = await opened(name, { width: 300, height: 570 });
    const first = panel.page.locator(".lost-first");
    const inSight = () =>
      first.evaluate((line) => {
        const { left, top, bottom } = line.getBoundingClientRect();
        const body = line.closest(".card-body")?.getBoundingClientRect();
        const inside = body !== undefined && top >= body.top - 1 && bottom <= body.bottom + 1;
        return inside && line.contains(document.elementFromPoint(left + 5, (top + bottom) / 2));
      });
    assert.ok(await inSight(), name);
    const command = await panel.page.locator("#asked").boundingBox();
    assert.ok((command?.y ?? 0) + 18 <= ((await first.boundingBox())?.y ?? 0), "the command begins above it");
    await panel.page.click(".card .more");
    await panel.settled();
    assert.ok(await inSight(), `${name} with all answers`);
    const conversation = await panel.page.locator(".view.conversation").boundingBox();
    assert.ok((conversation?.height ?? 0) >= 160, `${name}: ${conversation?.height}`);
    await panel.close();
  }
});

void test("the subject of a commit is shown as text, controls as escapes", async () => {
  assert.ok(commitsLoss.type === "approval.opened" && commitsLoss.approval.loss !== undefined);
  const { approval } = commitsLoss;
  const revisions = [lostRevision("commit", "<b>Look</b> at a \u202efixture")];
  const panel = await opened("ready");
  await panel.happen({
    ...commitsLoss,
    approval: { ...approval, loss: { ...commitsLoss.approval.loss, revisions } },
  });
  assert.equal(await panel.page.textContent(".card .subject"), "<b>Look</b> at a \\u202efixture");
  await panel.close();
});
