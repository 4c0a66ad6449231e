// A canary: it breaks the import rules of its room on purpose, and is left out of the lint. A test lints it alone, and
// fails when nothing is found: then the rules are asleep.
import { readFileSync } from "node:fs";
import spawn from "cross-spawn";
import * as vscode from "vscode";
import type { Door } from "../door/door.ts";
import { ApprovalStore } from "../approvals/store.ts";

export const song = [readFileSync, spawn, vscode, ApprovalStore];
export type Song = Door;
