import assert from "node:assert/strict";
import { test } from "node:test";
import { bySession } from "../../../extension/restore/points/grouped.ts";
import type { Point, Reason } from "../../../extension/restore/points/point.ts";

const point = (
  id: string,
  session: string | null,
  turn: number | null,
  reason: Reason,
  about: string | null = null,
) => ({ id, session, turn, reason, about }) as Point;

test("points are told by session and turn, the newest first, those outside of turns by themselves", () => {
  const points = [
    point("01", "a", 1, "turn", "make it stable"),
    point("02", "a", 1, "command", "git reset --hard"),
    point("03", "b", 1, "turn", "write the docs"),
    point("04", "a", 1, "after"),
    point("05", null, null, "saves"),
    point("06", "a", 2, "turn", "and now the tests"),
    point("07", "a", 2, "saves"),
    point("08", null, null, "asked"),
    point("09", "b", 1, "after"),
    point("10", "t", 0, "turn", "claude"),
  ];
  const told = bySession(points).map(({ session, turns }) => [
    session,
    turns.map(({ turn, prompt, points: own }) => [turn, prompt, own.map(({ id }) => id).join(" ")]),
  ]);
  assert.deepEqual(told, [
    ["t", [[null, "claude", "10"]]],
    ["b", [[1, "write the docs", "09 03"]]],
    [null, [[null, null, "08 05"]]],
    [
      "a",
      [
        [2, "and now the tests", "07 06"],
        [1, "make it stable", "04 02 01"],
      ],
    ],
  ]);
});
