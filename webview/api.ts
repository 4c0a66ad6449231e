import * as z from "zod/mini";
import { hostMessage, type HostMessage } from "../extension/panel/protocol.ts";
import type { PageIntent } from "../extension/panel/pageIntent.ts";

interface WebviewApi {
  postMessage(message: PageIntent): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

// Zod would compile its checks by `new Function`, which the page's policy forbids.
z.config({ jitless: true });

/** VS Code's side of the page: intents out, checked messages in, and a state that outlives the page. */
export class Api {
  readonly #api = acquireVsCodeApi();

  post(intent: PageIntent): void {
    this.#api.postMessage(intent);
  }

  /** A message that is not one of the protocol's is dropped: it can't come from a host of this version. */
  listen(receive: (message: HostMessage) => void): void {
    addEventListener("message", (event: MessageEvent<unknown>) => {
      const parsed = hostMessage.safeParse(event.data);
      if (parsed.success) receive(parsed.data);
    });
  }

  state(): unknown {
    return this.#api.getState();
  }

  keep(state: unknown): void {
    this.#api.setState(state);
  }
}
