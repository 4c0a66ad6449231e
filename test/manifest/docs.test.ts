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

  test("leads from the walkthrough to commands of its own, which know where a setting lies", () => {
    const own = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const { id, description } of manifest.contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      const links = [...text(description).matchAll(/\(command:([^)?]*)/g)].map(([, command = ""]) => command);
      assert.deepEqual([links.length, links.filter((command) => !own.has(command))], [1, []], id);
    }
  });

  test("ticks a step by what came of it where the panel has a button for it: the editor sees no command then", () => {
    const steps = manifest.contributes.walkthroughs.flatMap((each) => each.steps);
    for (const command of ["newSession", "addAgent"]) {
      const step = steps.find(({ description }) =>
        text(description).includes(`command:interlock.${command})`),
      );
      assert.ok(
        step?.completionEvents.some((event) => !event.startsWith("onCommand:")),
        command,
      );
    }
  });

  test("asks for no proposed API, which a published extension can't use", () => {
    assert.equal(manifest.enabledApiProposals, undefined);
  });
});
