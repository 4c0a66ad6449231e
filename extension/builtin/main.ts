import { Readable, Writable } from "node:stream";

import { ndJsonStream } from "@agentclientprotocol/sdk";

import { builtinAgent } from "./agent.ts";

/** The extension's version, filled in by the build. */
declare const INTERLOCK_VERSION: string | undefined;
const UNBUILT = "0.0.0";

const version = typeof INTERLOCK_VERSION === "string" ? INTERLOCK_VERSION : UNBUILT;

// A host that has gone away can't be written to; that is no reason to crash on the way out.
process.stdout.on("error", () => process.exit(0));

const connection = builtinAgent(version).connect(
  ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)),
);
await connection.closed;
process.exit(0);
