import { test } from "node:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Step } from "../agents/script.ts";
import { openChanged } from "./support/changed.ts";

const run = (line: string): Step => ({ shell: { line: `bash -c '${line}'`, wait: true } });

test("x", async (t) => {
  const opened = await openChanged(t, [
    run(
      "git status --short; sleep 1; strace -f -o ../trace git status --short; git diff a.txt; git log --oneline -3 > ../log; sleep 0.5; cp $(which git) ../script",
    ),
  ]);
  console.log(
    (await readFile(join(opened.project, "../trace"), "utf8"))
      .split("\n")
      .filter((l) => /exec|fork|clone|ENOENT|spool/.test(l))
      .slice(0, 30)
      .join("\n"),
  );
  console.log(opened.rows().map((r) => [r.asked, r.doorways, r.status, r.verdict]));
  console.log((await opened.records()).map((r) => [r.phase, r.asked, r.verdict, r.allowed]));
  console.log(
    (await readFile(join(opened.project, "../script"), "utf8"))
      .split("\n")
      .filter((l) => /unset/.test(l))
      .slice(0, 30)
      .join("\n"),
  );
});
