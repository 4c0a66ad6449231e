import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { manifest, table, text } from "./manifest.ts";

describe("docs/settings.md", () => {
  const properties = Object.assign(
    {},
    ...manifest.contributes.configuration.map((group) => group.properties),
  ) as (typeof manifest.contributes.configuration)[number]["properties"];

  test("lists every setting of package.json with its default and scope", () => {
    const documented = table("settings.md", "Setting").map(([name, value, scope]) => [name, value, scope]);
    const declared = Object.entries(properties).map(([name, { default: value, scope }]) => {
      return [name, typeof value === "string" ? value : JSON.stringify(value), scope];
    });
    assert.deepEqual(documented, declared);
  });

  test("names programs in settings of the machine alone, so that a repository can't add one", () => {
    assert.equal(properties["interlock.agents"]?.scope, "machine");
    assert.equal(properties["interlock.guard.mode"]?.scope, "machine");
  });
});

describe("docs/keys.md", () => {
  test("lists every key of package.json with its command", () => {
    const titles = new Map(
      manifest.contributes.commands.map(({ command, title, category }) => [
        command,
        `${category}: ${text(title)}`,
      ]),
    );
    const documented = table("keys.md", "On a Mac").map(([key, mac, command]) => [key, mac, command]);
    const declared = manifest.contributes.keybindings.map(({ key, mac, command }) => [
      key,
      mac,
      titles.get(command),
    ]);
    assert.deepEqual(documented, declared);
  });
});

describe("package.json", () => {
  test("localises each command's title and gives each the category Interlock", () => {
    for (const { title, category } of manifest.contributes.commands) {
      assert.notEqual(text(title), "");
      assert.equal(category, "Interlock");
    }
  });

  test("asks for no proposed API, which a published extension can't use", () => {
    assert.equal(manifest.enabledApiProposals, undefined);
  });
});
