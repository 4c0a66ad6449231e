import { join } from "node:path";
import { consider } from "../../../extension/door/considered.ts";
import { findRepository } from "../../../extension/git/repository.ts";
import type { Judgement } from "../../../extension/guard/judge.ts";
import type { Mode } from "../../../extension/policy/rules.ts";
import { testGit } from "../../git/support.ts";
import { sandboxEnvironment } from "./sandbox.ts";

const git = testGit(process.env);

/** On a busy machine git can be late, and what is late asks: asked again, it says what it knows. */
const TRIES = 4;

/** The verdict on a line in a sandbox, as the door would reach it there, without routing. */
export async function considerIn(
  sandbox: string,
  cwd: string,
  line: string,
  mode: Mode = "careful",
): Promise<Judgement> {
  const root = (await findRepository(cwd))?.root ?? cwd;
  for (let tries = 1; ; tries++) {
    const judgement = await once(sandbox, root, cwd, line, mode);
    const late = judgement.verdict === "ask" && judgement.ask === "loss" && judgement.loss === null;
    if (!late || tries === TRIES) return judgement;
  }
}

async function once(
  sandbox: string,
  root: string,
  cwd: string,
  line: string,
  mode: Mode,
): Promise<Judgement> {
  const { HOME: home } = sandboxEnvironment(sandbox);
  const { judgement } = await consider(
    { kind: "command", line, argv: null, cwd, env: {} },
    {
      git,
      mode,
      route: () => null,
      around: {
        roots: [root],
        home,
        temporary: [join(sandbox, "tmp")],
        own: [join(sandbox, "home/.config/interlock"), join(sandbox, "home/.local/state/interlock")],
      },
      signal: new AbortController().signal,
      shell: "/bin/bash",
    },
  );
  return judgement;
}
