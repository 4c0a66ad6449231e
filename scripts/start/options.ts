import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { Stop } from "../boot/stop.mjs";

const USAGE = "Use: npm start -- [FOLDER] [--port N] [--no-open] [--reset]";

export interface StartOptions {
  /** A folder of the person's own; without one the sample is opened. */
  readonly folder: string | undefined;
  readonly port: number | undefined;
  readonly open: boolean;
  /** Makes the sample anew. */
  readonly reset: boolean;
}

export function readOptions(args: readonly string[]): StartOptions {
  const { values, positionals } = parse(args);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Stop(`"${values.port}" is not a port.`, USAGE);
  }
  if (positionals.length > 1) throw new Stop("Only one folder can be opened.", USAGE);
  const [folder] = positionals;
  return { folder: folder && ownFolder(folder), port, open: !values["no-open"], reset: values.reset };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        "no-open": { type: "boolean", default: false },
        reset: { type: "boolean", default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Stop((error as Error).message, USAGE);
  }
}

/** npm changes to the clone's folder before it runs a script, and says where the person was. */
function ownFolder(folder: string): string {
  const path = resolve(process.env["INIT_CWD"] ?? process.cwd(), folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new Stop(`There is no folder ${path}.`, USAGE);
}
