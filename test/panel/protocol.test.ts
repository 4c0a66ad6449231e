import { readFile } from "node:fs/promises";
import { test } from "node:test";

import type { SessionEvent } from "../../extension/events/event.ts";
import { Conversation } from "../../extension/panel/conversation.ts";
import { Feed } from "../../extension/panel/feed.ts";
import { hostMessage, type HostMessage } from "../../extension/panel/protocol.ts";
import { assertGolden } from "../golden/golden.ts";
import { ManualTimer } from "./events.ts";

test("a golden conversation is told to the page in golden messages", async (t) => {
  const events = await readFile(new URL("../golden/builtin.golden.jsonl", import.meta.url), "utf8");
  const conversation = new Conversation("id-1", [{ name: "trip-ledger", path: "/home/me/trip-ledger" }]);
  const timer = new ManualTimer();
  const sent: HostMessage[] = [];
  const feed = new Feed({
    send: (message) => sent.push(hostMessage.parse(structuredClone(message))),
    details: () => Promise.resolve({ input: "{}", output: "kept\n", dropped: 7, diffs: [] }),
    timer,
  });
  feed.show(conversation);
  feed.ready();
  for (const line of events.trimEnd().split("\n")) {
    conversation.apply(JSON.parse(line) as SessionEvent);
    timer.tick();
  }
  feed.ready();
  feed.range({ type: "getRange", request: 1, direction: "older", at: conversation.rows.total, count: 2 });
  await feed.details("c:c1");
  feed.reveal("log");
  const lines = sent.map((message) => `${JSON.stringify(message)}\n`);
  await assertGolden(t, new URL("page.golden.jsonl", import.meta.url), lines.join(""));
});
