import assert from "node:assert/strict";
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

test("both ways of looking see the same folders", async () => {
  const top = folderWith({
    "a/b/c/d/e/too-deep": "",
    "a/b/c/d/deep": "",
    ".hidden/x": "",
    "dist/y": "",
    "z/w": "",
  });
  for (const name of ["too-deep", "deep", "x", "y", "w", "nothing"]) {
    const holds = (other: string) => other === name;
    assert.equal(await someFolderHolds(top, holds), foldersWith(top, holds).length > 0, name);
  }
});

test("the search ends at the first that is found", async () => {
  const top = folderWith({ "a/found": "", "b/found": "", "c/deeper/other": "" });
  const seen: string[] = [];
  await someFolderHolds(top, (name) => seen.push(name) > 0 && name === "found");
  assert.deepEqual(seen, ["found"]);
});

test("the host goes on while a large folder is searched", async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`part ${at}/a.txt`, ""]));
  let goesOn = 0;
  let looking = true;
  const beat = (): void => {
    goesOn += 1;
    if (looking) setImmediate(beat);
  };
  const search = hasProject(toolchain, folderWith(files));
  setImmediate(beat);
  assert.equal(await search, false);
  looking = false;
  assert.ok(goesOn > 10, `it went on ${goesOn} times`);
});
