import assert from "node:assert/strict";
import { relative } from "node:path";
import { test } from "node:test";
import { hasProject } from "../../extension/toolchain/doctor.ts";
import { foldersWith, someFolderHolds } from "../../extension/toolchain/folders.ts";
import { benchWith, folderWith } from "./support.ts";

const { toolchain } = benchWith([], false);

test("a folder is a project by what it holds, or by what one of its parts holds", async () => {
  assert.equal(await hasProject(toolchain, folderWith({ "package.json": "{}" })), true);
  assert.equal(await hasProject(toolchain, folderWith({ "apps/a/packages/b/setup.py": "" })), true);
  assert.equal(await hasProject(toolchain, folderWith({ "notes/a.txt": "" })), false);
  assert.equal(await hasProject(toolchain, folderWith({ "node_modules/a/package.json": "{}" })), false);
  assert.equal(await hasProject(toolchain, "/no/such/folder"), false);
});

test("the folders of a project are found breadth first, to a depth, and not in what is nobody's to mend", async () => {
  const top = folderWith({
    "a/b/c/d/e/x": "",
    "a/b/c/d/x": "",
    "z/x": "",
    ".hidden/x": "",
    "dist/x": "",
  });
  const found = await foldersWith(top, (name) => name === "x");
  assert.deepEqual(
    found.map((folder) => relative(top, folder)),
    ["z", "a/b/c/d"],
  );
});

test("the search ends at the first that is found", async () => {
  const top = folderWith({ "a/found": "", "b/found": "", "c/deeper/other": "" });
  const seen: string[] = [];
  await someFolderHolds(top, (name) => seen.push(name) > 0 && name === "found");
  assert.deepEqual(seen, ["found"]);
});

test("the host goes on while a large folder is searched", async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`part ${at}/a.txt`, ""]));
  const top = folderWith(files);
  for (const search of [() => hasProject(toolchain, top), () => foldersWith(top, () => false)]) {
    let goesOn = 0;
    let looking = true;
    const beat = (): void => {
      goesOn += 1;
      if (looking) setImmediate(beat);
    };
    setImmediate(beat);
    await search();
    looking = false;
    assert.ok(goesOn > 10, `it went on ${goesOn} times`);
  }
});
