import * as l10n from "@vscode/l10n";
import type { HostMessage } from "../extension/panel/protocol.ts";
import { Api } from "./api.ts";
import { Page } from "./page.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root element.");
const mount = root;
const api = new Api();
let page: Page | undefined;

api.listen((message: HostMessage) => {
  // Nothing is drawn before the first snapshot: it brings the words.
  if (page === undefined) {
    if (message.type !== "snapshot") return;
    l10n.config({ contents: message.strings ?? {} });
    page = new Page(mount, api);
  }
  page.receive(message);
});
api.post({ type: "ready" });
