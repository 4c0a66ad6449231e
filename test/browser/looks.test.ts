import assert from "node:assert/strict";
import { test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { InterlockPanel, WIDTHS } from "../harness/interlock.ts";
import { screenshot, statusItem } from "../harness/locators.ts";
import { LOOKS, type Look, use } from "../harness/looks.ts";
import { sampleFor } from "../harness/sample.ts";
import { skipWithout } from "../harness/tools.ts";
import { startVscode } from "../harness/window.ts";

void test("a held command in every theme and width: whole, without a sideways scroll, and sound for axe", async (t) => {
  if (!(await skipWithout(t, "chromium")) || !(await skipWithout(t, "code-server"))) return;
  const { page } = await startVscode(t, {
    folder: await sampleFor(t),
    viewport: { width: 1500, height: 900 },
  });
  const panel = await InterlockPanel.open(page);
  await panel.newSession();
  await panel.send("/test");
  await panel.call("npm test").waitFor();
  await panel.ready();
  await panel.send("/run git reset --hard");
  await panel.card.waitFor();
  await statusItem(page, "1 approval waiting").waitFor();

  for (const look of Object.keys(LOOKS) as Look[]) {
    await t.test(look, async () => {
      await use(page, look);
      for (const width of WIDTHS) {
        await panel.resize(width);
        assert.ok(Math.abs((await panel.width()) - width) < 40, `${width}: it is ${await panel.width()}`);
        assert.deepEqual(await panel.overflow(), [], `something is wider than the panel at ${width}`);
        const cut = await panel.frame.locator(".approvals[data-more]").count();
        assert.equal(cut, 0, `all of the card is in sight at ${width}`);
        for (const name of ["Reject", "Allow once"]) assert.ok(await panel.button(name).isVisible());
        await screenshot(page, `held-${look.replace(" ", "-")}-${width}`);
      }
      // A view's page has no background of its own, and axe sees no colour beyond the frame.
      await panel.frame.locator("html").evaluate(({ style }) => {
        style.background = "var(--vscode-sideBar-background)";
      });
      const { violations } = await new AxeBuilder({ page })
        .include(["iframe.webview.ready", "#active-frame", "body"])
        .analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(
        serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`),
        [],
      );
    });
  }
});
