import { pathToFileURL } from "node:url";

import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

import { type ConnectServer, GATE_CAPABILITIES } from "../../../extension/gates/serverLink.ts";
import type { Processes } from "../../../extension/process/processes.ts";

/** Starts language servers in plain Node, over the library that the editor's client stands on. */
export function connectWith(processes: Pick<Processes, "spawn">): ConnectServer {
  return (spec) => {
    const { command, args, root: cwd } = spec;
    const server = processes.spawn({ command, args, cwd, stdin: "pipe" });
    server.stderr.resume();
    if (server.stdin === null) throw new Error("A language server needs a standard input.");
    const reader = new StreamMessageReader(server.stdout);
    // Its timer for messages that stop in the middle outlives the reader, and would keep the test alive.
    reader.partialMessageTimeout = 0;
    const connection = createMessageConnection(reader, new StreamMessageWriter(server.stdin));
    connection.onError(() => connection.dispose());
    connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => null),
    );
    connection.onRequest((method: string) => (method.startsWith("client/") ? null : undefined));
    connection.listen();
    const gone = server.exited.then(() => {
      throw new Error("The server ended.");
    });
    gone.catch(() => {});
    const broken = new Promise<never>((_, reject) => connection.onError(() => reject(new Error("rubbish"))));
    broken.catch(() => {});
    const end = async (): Promise<void> => {
      connection.dispose();
      await server.end(0);
    };
    const uri = pathToFileURL(cwd).href;
    const hello = async (): Promise<void> => {
      await connection.sendRequest("initialize", {
        processId: process.pid,
        rootUri: uri,
        workspaceFolders: [{ uri, name: cwd }],
        capabilities: GATE_CAPABILITIES,
        initializationOptions: spec.options,
      });
      await connection.sendNotification("initialized", {});
    };
    return {
      ready: Promise.race([hello(), gone, broken]),
      request: (method, params, signal) => {
        const cancelled = new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("cancelled")), { once: true });
        });
        const answer = connection.sendRequest(method, params);
        answer.catch(() => {});
        return Promise.race([answer, gone, broken, cancelled]);
      },
      notify: (method, params) => void connection.sendNotification(method, params).catch(() => {}),
      end,
    };
  };
}
