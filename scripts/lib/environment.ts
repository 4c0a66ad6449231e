import { delimiter, join } from "node:path";

/** What npm, an editor's terminal or a test runner leave in the environment, and no child of ours may inherit. */
const FOREIGN =
  /^(npm_|VSCODE_|CODE_SERVER_|ELECTRON_|NODE_TEST_CONTEXT$|NODE_OPTIONS$|INIT_CWD$|UV_|VIRTUAL_ENV$)/i;

/** The person's environment as it was before `npm run` and an editor's terminal added to it. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => {
    return !folder.endsWith(join("node_modules", ".bin")) && !folder.endsWith("node-gyp-bin");
  });
  return { ...environment, PATH: folders.join(delimiter) };
}

/** The same, with more programs to be found, after the person's own. */
export function withPrograms(environment: NodeJS.ProcessEnv, folders: readonly string[]): NodeJS.ProcessEnv {
  return { ...environment, PATH: [environment["PATH"], ...folders].filter(Boolean).join(delimiter) };
}
