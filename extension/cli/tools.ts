import * as l10n from "@vscode/l10n";
import type { App } from "../app.ts";
import type { Problem } from "../errors.ts";
import { isGuardedPath } from "../state/runtimeFolder.ts";
import { visible } from "../text/visible.ts";
import { megabytes, offerLine, offerTerms } from "../toolchain/provision/consent.ts";
import { PROVIDED_TOOLS, type ProvidedTool } from "../toolchain/provision/pins.ts";
import type { ToolOffer } from "../toolchain/provision/providedTools.ts";
import type { ToolsArguments } from "./arguments.ts";
import { askYes } from "./ask.ts";
import { complain } from "./complain.ts";
import { EXIT } from "./exit.ts";

/** `interlock tools`: the programs that Interlock brings where a person has none. */
export async function toolsCommand(app: App, args: ToolsArguments): Promise<number> {
  if (args.action === "list") return list(app, args);
  // The consent is the person's: an agent's shell can't give it.
  if (isGuardedPath(process.env["PATH"] ?? "")) {
    complain(
      l10n.t(
        "This is an agent's shell. Run it in a terminal of your own, or choose “Interlock: Get Missing Tools…”.",
      ),
    );
    return EXIT.failed;
  }
  return args.action === "get" ? get(app, args) : remove(app, args);
}

function list({ toolchain }: App, { json }: ToolsArguments): number {
  const tools = PROVIDED_TOOLS.map((tool) => {
    const { tools, provided } = toolchain;
    const offer = provided.offer(tool);
    return {
      tool,
      found: tools.onMachine(tool),
      brought: provided.find(tool),
      offer: offer.ok ? offer.value : null,
      problem: offer.ok ? null : problemOf(offer.error),
    };
  });
  if (json) process.stdout.write(`${JSON.stringify(tools, null, 2)}\n`);
  else for (const each of tools) process.stdout.write(`${each.tool.padEnd(6)}${stateText(each)}\n`);
  return EXIT.allow;
}

function problemOf({ code, message, next }: Problem): Problem {
  return { code, message, next };
}

interface Listed {
  readonly found: { readonly path: string; readonly source: string } | null;
  readonly brought: { readonly version: string } | null;
  readonly offer: ToolOffer | null;
  readonly problem: Problem | null;
}

function stateText({ found, brought, offer, problem }: Listed): string {
  const newer = brought !== null && offer !== null && offer.version !== brought.version;
  const parts = [
    found === null ? l10n.t("not on this machine") : found.path,
    ...(brought === null ? [] : [l10n.t("Interlock's, {0}", brought.version)]),
    ...(newer || found === null ? [offer === null ? "" : l10n.t("to be had: {0}", offerLine(offer))] : []),
    ...(found === null && problem !== null ? [`${problem.message} ${problem.next}`] : []),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

async function get(app: App, { tools, yes, json }: ToolsArguments): Promise<number> {
  const { toolchain } = app;
  const offers: ToolOffer[] = [];
  for (const tool of tools) {
    const found = toolchain.tools.onMachine(tool);
    const brought = toolchain.provided.find(tool);
    const offer = toolchain.provided.offer(tool);
    if (found !== null && found.source !== "provided")
      say(l10n.t("{0} is there, and comes first: {1}", tool, found.path));
    else if (!offer.ok) return complainOf(offer.error);
    else if (brought?.version === offer.value.version) say(l10n.t("{0} is there: {1}", tool, brought.path));
    else offers.push(offer.value);
  }
  for (const offer of offers) say(offerLine(offer));
  if (offers.length > 0) say(offerTerms());
  if (offers.length > 0 && !yes && !(await saysYes())) return EXIT.failed;
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once("SIGINT", onInterrupt);
  try {
    for (const offer of offers) {
      const got = await toolchain.provided.get(offer, { signal: stop.signal, progress: progressOf(offer) });
      if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
      if (!got.ok) return complainOf(got.error);
      if (json) process.stdout.write(`${JSON.stringify({ tool: offer.tool, ...got.value })}\n`);
      else process.stdout.write(`${offer.tool} ${got.value.version} ${got.value.path}\n`);
    }
  } finally {
    process.off("SIGINT", onInterrupt);
  }
  return EXIT.allow;
}

/** Only a person at a terminal can be asked. */
async function saysYes(): Promise<boolean> {
  const agreed = await askYes(l10n.t("Get them? Type yes:"));
  if (agreed === null) complain(l10n.t("Nothing was fetched. Add “--yes” where you agree."));
  if (agreed === false) complain(l10n.t("Nothing was fetched."));
  return agreed === true;
}

function progressOf({ tool, size }: ToolOffer): (received: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (received) =>
    void process.stderr.write(
      `\r\x1b[K${l10n.t("{0}: {1} of {2}", tool, megabytes(received), megabytes(size))}`,
    );
}

async function remove({ toolchain }: App, { tools, json }: ToolsArguments): Promise<number> {
  const removed: ProvidedTool[] = [];
  for (const tool of tools) if (await toolchain.provided.remove(tool)) removed.push(tool);
  if (json) process.stdout.write(`${JSON.stringify({ removed })}\n`);
  else
    for (const tool of tools)
      process.stdout.write(
        `${removed.includes(tool) ? l10n.t("{0} was removed.", tool) : l10n.t("Interlock brought no {0}.", tool)}\n`,
      );
  return EXIT.allow;
}

function say(text: string): void {
  process.stderr.write(`${visible(text)}\n`);
}

function complainOf({ message, next }: Problem): number {
  complain(`${message} ${next}`);
  return EXIT.failed;
}
