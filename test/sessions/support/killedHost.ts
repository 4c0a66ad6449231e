import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { startChanged } from "./changed.ts";

/**
 * A host with one session whose agent hangs, for tests that kill it: `node killedHost.ts FOLDER`. Its agent's shells write what
 * they were given into `FOLDER/environment` once the host has learned of it, as variables with a NUL behind each.
 */
const [, , folder = ""] = process.argv;
const learn = `git status -s >/dev/null; until grep -q '^# Table' "$(command -v git)"; do sleep 0.05; done
  env -0 >${folder}/new; mv ${folder}/new ${folder}/environment`;
const opened = await startChanged(
  { after: () => {} },
  [[{ shell: { line: learn, wait: true, program: "/bin/bash" } }, { hang: true }]],
  { hooks: { seconds: 60 }, shims: ["git"] },
);
writeFileSync(join(folder, "project"), opened.project);
void opened.session.prompt("go");
setInterval(() => {}, 1_000);
