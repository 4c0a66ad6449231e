import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { SessionBook } from "./book.ts";
import { chooseRoot } from "./folders.ts";
import type { LazyApp } from "./lazyApp.ts";
import type { Texts } from "./texts.ts";

/** Shows what `interlock doctor` says of a folder of the window. */
export async function showDoctor(app: LazyApp, book: SessionBook, texts: Texts): Promise<void> {
  const root = await chooseRoot(book.shown?.root);
  if (root === undefined) return;
  const title = l10n.t("Looking at the project and its tools");
  const text = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title },
    async () => {
      const [loaded, { doctorText }] = await Promise.all([app.load(), import("../cli/doctor.ts")]);
      return doctorText(loaded, root);
    },
  );
  await texts.open("doctor.txt", `${text}\n`);
}
