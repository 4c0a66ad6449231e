import { connect } from "node:net";
import { createInterface } from "node:readline";

/**
 * The server that an agent starts: hands lines on between the agent and the host that the session belongs to, and knows nothing of
 * what they say but the ids that wait for an answer. Where the host can't be reached, or goes away, those are answered with an error.
 */
const { INTERLOCK_MCP_ADDRESS: address = "", INTERLOCK_MCP_TOKEN: token = "" } = process.env;

/** JSON-RPC leaves this range to servers; the host uses the same for what it holds back. */
const UNREACHABLE = -32_010;

if (address === "") {
  process.stderr.write("interlock: this program is started by an agent that Interlock hosts.\n");
  process.exit(1);
}
const host = connect(address);
const waiting = new Map<string, unknown>();
let gone: string | null = null;
let welcomed = false;

host.write(`${JSON.stringify({ version: 1, token })}\n`);

// An agent that has gone away can't be written to; that is no reason to crash on the way out.
process.stdout.on("error", () => process.exit(0));

const requests = createInterface({ input: process.stdin });
requests.on("line", (line) => {
  const id = requestId(line);
  if (gone !== null) return id === undefined ? undefined : refuse(id);
  if (id !== undefined) waiting.set(JSON.stringify(id), id);
  host.write(`${line}\n`);
});
requests.on("close", () => host.end());

const answers = createInterface({ input: host });
answers.on("line", (line) => {
  if (!welcomed) {
    welcomed = true;
    const refused = field(line, "refused");
    if (typeof refused === "string") leave(refused);
    return;
  }
  if (gone !== null) return;
  const id = answeredId(line);
  if (id !== undefined) waiting.delete(JSON.stringify(id));
  process.stdout.write(`${line}\n`);
});
host.on("error", () => {
  // `close` follows.
});
host.on("close", () => leave("Interlock is not there any more, so nothing was run."));

/** Nobody decides any more: whatever waits, or is still to come, is answered with the reason. */
function leave(reason: string): void {
  if (gone !== null) return;
  gone = reason;
  host.destroy();
  for (const id of waiting.values()) refuse(id);
  waiting.clear();
}

function refuse(id: unknown): void {
  const error = { code: UNREACHABLE, message: `interlock: ${gone}` };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, error })}\n`);
}

function requestId(line: string): unknown {
  return field(line, "method") === undefined ? undefined : field(line, "id");
}

function answeredId(line: string): unknown {
  return field(line, "method") === undefined ? field(line, "id") : undefined;
}

function field(line: string, name: string): unknown {
  try {
    const message = JSON.parse(line) as Record<string, unknown> | null;
    return message?.[name];
  } catch {
    return undefined;
  }
}
