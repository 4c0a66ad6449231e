import { appendFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ownEnvironment } from "../../../scripts/lib/environment.ts";
import { mustRun } from "../../../scripts/lib/process.ts";
import { makeSample } from "../../../scripts/lib/sample.ts";
import { source, type SourceName } from "../../../scripts/lib/sources.ts";
import { tool } from "../../../scripts/lib/tools.ts";
import type { SessionScript } from "./script.ts";

const NEXT = "See what it says above.";
const IGNORED = `.venv/\nnode_modules/\n__pycache__/\n*.egg-info/\n.pytest_cache/\n.mypy_cache/\n.ruff_cache/\ndist/\nbuild/\n.env\n`;

interface Project {
  /** Paths of the source distribution that are taken; absent: all. */
  readonly takes?: readonly string[];
  /** Each commit's message and paths; the last one takes the rest. */
  readonly commits: readonly (readonly [message: string, ...paths: string[]])[];
  /** Files that make it run on its own, outside of the monorepo or the tox that it comes from. */
  readonly adds: (folder: string) => Promise<void>;
  readonly install: (folder: string) => Promise<void>;
  /** What the person has not committed yet: appended to files, or new ones. */
  readonly work: Readonly<Record<string, string>>;
}

const PROJECTS: Readonly<Record<SourceName, Project>> = {
  itsdangerous: {
    commits: [
      ["Import the sources", "src", "pyproject.toml", "LICENSE.txt", "README.md", ".gitignore"],
      ["Add the tests", "tests"],
      ["Add the documentation"],
    ],
    adds: () => Promise.resolve(),
    install: (folder) => installPython(folder, ["-e", ".", "freezegun==1.5.5", "mypy==1.18.2"]),
    work: {
      "docs/concepts.rst": "\nHow keys are rotated is told on a page of its own.\n",
      "docs/rotation.rst": "Rotation\n========\n\nKeys are rotated by giving a list of them.\n",
      ".env": "SECRET_KEY=not-so-secret\n",
    },
  },
  "python-dotenv": {
    commits: [
      ["Import the sources", "src", "setup.py", "setup.cfg", "README.md", "LICENSE", ".gitignore"],
      ["Add the tests", "tests"],
      ["Add the documentation"],
    ],
    adds: () => Promise.resolve(),
    install: (folder) => installPython(folder, ["-e", ".[cli]", "click==8.1.8", "sh==2.2.2", "mypy==1.18.2"]),
    work: {
      "README.md": "\nSettings of this copy are in `examples/`.\n",
      "examples/app.settings": "APP_NAME=demo\nAPP_DEBUG=false\n",
      ".env": "APP_TOKEN=not-so-secret\n",
    },
  },
  zod: {
    takes: ["src", "README.md", "LICENSE", "package.json"],
    commits: [
      ["Import the sources", "src", "LICENSE", ".gitignore"],
      ["Build it on its own", "package.json", "bun.lock", "tsconfig.json", "tsconfig.build.json"],
      ["Add a README"],
    ],
    adds: standAlone,
    install: async (folder) => {
      await mustRun(await tool("bun"), ["install", "--silent"], NEXT, { cwd: folder, env: ownEnvironment() });
    },
    work: {
      "src/v4/core/util.ts": "\n// The plural forms are told in notes/locales.md.\n",
      "notes/locales.md": "# Locales\n\nCheck the plural forms.\n",
      ".env": "NPM_TOKEN=not-so-secret\n",
    },
  },
};

/** A project as a person has it on their disk: a repository with commits on `main`, installed, with work under way. */
export async function makeProject(folder: string, { project, before }: SessionScript): Promise<void> {
  if (project === "sample") await makeSample(folder, { uv: await tool("uv"), bun: await tool("bun") });
  else await makeFromSource(folder, project);
  if (before !== "") await shell(folder, `set -e\n${before}`);
}

async function makeFromSource(folder: string, name: SourceName): Promise<void> {
  const { takes, adds, install, commits, work } = PROJECTS[name];
  const from = await source(name);
  await mkdir(folder, { recursive: true });
  for (const path of takes ?? ["."]) await cp(join(from, path), join(folder, path), { recursive: true });
  await writeFile(join(folder, ".gitignore"), IGNORED);
  await adds(folder);
  await install(folder);
  await shell(
    folder,
    "git init -q -b main; git config user.name Person; git config user.email person@example.invalid; git config commit.gpgsign false",
  );
  for (const [message, ...paths] of commits)
    await shell(folder, `git add -A ${paths.join(" ")} && git commit -q -m '${message}'`);
  for (const [path, text] of Object.entries(work)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await appendFile(join(folder, path), text);
  }
}

/** What a person types into a terminal. */
export async function shell(folder: string, line: string): Promise<void> {
  await mustRun("/bin/bash", ["-c", line], NEXT, { cwd: folder, env: ownEnvironment() });
}

async function installPython(folder: string, packages: readonly string[]): Promise<void> {
  const uv = await tool("uv");
  const options = { cwd: folder, env: { ...ownEnvironment(), UV_PYTHON_DOWNLOADS: "never" } };
  await mustRun(uv, ["venv", "--quiet"], NEXT, options);
  await mustRun(uv, ["pip", "install", "--quiet", "pytest==9.2.0", ...packages], NEXT, options);
}

/** The package as it is published names tools of its monorepo: these take their place. */
async function standAlone(folder: string): Promise<void> {
  const published = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  const kept = ["name", "version", "type", "license", "author", "description", "exports"];
  const manifest = {
    ...Object.fromEntries(kept.map((key) => [key, published[key]])),
    private: true,
    scripts: {
      test: "bun test --conditions=@zod/source",
      types: "tsc --noEmit",
      build: "tsc -p tsconfig.build.json",
    },
    devDependencies: { "@types/bun": "1.4.4", "@types/node": "24.0.0", typescript: "7.0.2" },
  };
  const compilerOptions = {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    skipLibCheck: true,
    rootDir: "src",
    types: ["node"],
    customConditions: ["@zod/source"],
  };
  const config = { compilerOptions, include: ["src"], exclude: ["**/tests/**", "**/benchmarks/**"] };
  const build = { extends: "./tsconfig.json", compilerOptions: { outDir: "dist", declaration: true } };
  for (const [name, value] of [
    ["package.json", manifest],
    ["tsconfig.json", config],
    ["tsconfig.build.json", build],
  ] as const)
    await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}
