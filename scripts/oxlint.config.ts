import { defineConfig } from "oxlint";
import type { OxlintOverride } from "oxlint";

/**
 * Which rooms a room may import from (docs/architecture.md, "Rooms"). `errors.ts` and `events/` are open to all:
 * the one holds no state, the other only types.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  events: ["approvals", "audit", "gates", "policy", "toolchain"],
  state: [],
  text: [],
  process: ["state"],
  shell: [],
  policy: ["guard", "state", "text"],
  guard: ["shell", "policy"],
  audit: ["state"],
  git: ["process", "state"],
  restore: ["git", "guard", "state"],
  approvals: ["guard", "audit", "shell", "toolchain"],
  toolchain: ["shell", "process", "state"],
  gates: ["process", "toolchain"],
  door: ["shell", "guard", "policy", "approvals", "git", "restore", "toolchain", "audit"],
  doorways: ["door", "process", "audit", "guard", "toolchain"],
  acp: ["process", "state"],
  sessions: [
    "acp",
    "doorways",
    "door",
    "approvals",
    "audit",
    "gates",
    "state",
    "process",
    "toolchain",
    "policy",
    "git",
    "restore",
  ],
  panel: ["sessions", "approvals", "gates", "audit", "text"],
  builtin: ["text"],
  verify: [
    "acp",
    "approvals",
    "audit",
    "doorways",
    "gates",
    "git",
    "process",
    "sessions",
    "shell",
    "state",
    "text",
  ],
};
const EVERY_ROOM = [...Object.keys(ROOMS), "editor", "cli"];

/** Pure rooms: text in, judgement out. Nothing in them reads a file, a clock or the environment. */
const PURE = new Set(["shell", "guard", "text"]);

const RESERVED = [
  { name: "vscode", message: "Only extension/editor and extension/main.ts import vscode." },
  { name: "vscode-languageclient/node", message: "Language clients belong to extension/editor." },
];
const PROCESSES = [
  { name: "node:child_process", message: "Only extension/process starts processes." },
  { name: "execa", message: "Only extension/process starts processes." },
];
const SIDE_EFFECTS = ["node:fs", "node:fs/promises", "node:os", "node:process", "node:net"].map((name) => ({
  name,
  message: "This room is pure.",
}));

function imports(room: string, allowed: readonly string[]): OxlintOverride {
  const forbidden = EVERY_ROOM.filter(
    (other) => other !== room && other !== "events" && !allowed.includes(other),
  );
  const paths = [
    ...RESERVED,
    ...(room === "process" ? [] : PROCESSES),
    ...(PURE.has(room) ? SIDE_EFFECTS : []),
  ];
  return {
    files: [`**/extension/${room}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths,
          patterns: [
            {
              group: [
                ...forbidden.map((other) => `../${other}/**`),
                "../main.ts",
                "../app.ts",
                "**/webview/**",
              ],
              message: `extension/${room} may import only: ${allowed.join(", ") || "nothing from other rooms"}.`,
            },
          ],
        },
      ],
    },
  };
}

export default defineConfig({
  plugins: ["typescript", "unicorn", "import", "promise", "node", "oxc"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  options: { typeAware: true },
  env: { node: true, es2023: true },
  rules: {
    // node:test waits for the tests of a file by itself.
    "typescript/no-floating-promises": [
      "error",
      {
        allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "describe", "it"] }],
      },
    ],
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    // The compiler's noImplicitReturns says the same, and knows when a switch is exhaustive.
    "typescript/consistent-return": "off",
    "typescript/await-thenable": "error",
    "typescript/no-explicit-any": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-unsafe-type-assertion": "off",
    "import/no-cycle": ["error", { ignoreTypes: true }],
    "import/no-unassigned-import": "off",
    "eslint/max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    "eslint/eqeqeq": "error",
    "eslint/no-await-in-loop": "off",
    "eslint/no-shadow": "off",
    "eslint/no-underscore-dangle": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/no-array-reverse": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/prefer-add-event-listener": "off",
    "promise/always-return": "off",
    // It takes every `.catch(x)` for a promise's; a zod schema has one too.
    "promise/valid-params": "off",
    // Control characters in patterns are there on purpose: text from agents is full of them.
    "eslint/no-control-regex": "off",
    // A webview's postMessage has no target origin.
    "unicorn/require-post-message-target-origin": "off",
  },
  overrides: [
    ...Object.entries(ROOMS).map(([room, allowed]) => imports(room, allowed)),
    {
      files: ["**/extension/cli/**", "**/extension/app.ts"],
      rules: {
        "no-restricted-imports": [
          "error",
          {
            paths: [...RESERVED, ...PROCESSES],
            patterns: [
              { group: ["**/panel/**"], message: "The panel is the editor's; the CLI has its own view." },
            ],
          },
        ],
      },
    },
    {
      files: ["**/extension/editor/**", "**/extension/main.ts"],
      rules: { "no-restricted-imports": ["error", { paths: PROCESSES }] },
    },
    {
      files: ["**/webview/**"],
      excludeFiles: ["**/test/webview/**"],
      rules: {
        "no-restricted-imports": [
          "error",
          {
            patterns: [
              { group: ["node:*", "vscode"], message: "The page runs in a browser." },
              {
                group: [
                  "**/extension/**",
                  "!**/extension/panel/protocol.ts",
                  "!**/extension/panel/pageIntent.ts",
                ],
                message: "Host and page share the page protocol, and nothing else.",
              },
            ],
          },
        ],
      },
    },
  ],
});
