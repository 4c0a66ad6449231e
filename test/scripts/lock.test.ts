import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../scripts/lib/paths.ts";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, file), "utf8")) as T;
}

// Without its entry for another platform's program a package breaks `npm ci` there, and with some registries here too.
test("the lock holds the programs of every platform", async () => {
  const { packages } = await readJson<{ packages: Record<string, Locked> }>("package-lock.json");
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => {
      return !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`];
    }),
  );
  assert.deepEqual(missing, []);
});

test("every dependency is pinned to one version, and the lock names no registry", async () => {
  const manifest = await readJson<{ devDependencies: Record<string, string> }>("package.json");
  for (const [name, version] of Object.entries(manifest.devDependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned`);
  }
  const { packages } = await readJson<{ packages: Record<string, Locked> }>("package-lock.json");
  const named = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
  assert.deepEqual(named, []);
});
