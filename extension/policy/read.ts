import * as l10n from "@vscode/l10n";
import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
} from "jsonc-parser";
import type * as z from "zod/mini";
import { fail, ok, type Result } from "../errors.ts";
import { compileLayer } from "./compile.ts";
import { type Probe, testExamples } from "./examples.ts";
import { checkMeaning, type Flaw } from "./meaning.ts";
import { nearest } from "../text/nearest.ts";
import { keysAt, POLICY_VERSION, type PolicyFile, policyFile } from "./schema.ts";
import { firstOfEachPlace, syntaxMessage } from "./syntax.ts";

/** What is wrong with a policy file, and where. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly code:
    | "policy.syntax"
    | "policy.version"
    | "policy.unknown"
    | "policy.value"
    | "policy.rule"
    | "policy.example";
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Larger files are not read: nobody wrote them. */
export const MAX_POLICY_BYTES = 256 * 1024;
const SHOWN_PROBLEMS = 50;

/** The text without the mark of its byte order, which some editors put in front, and none shows. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}

/** Reads the text of a policy: JSON with comments, and every rule tested against its own examples. */
export function readPolicy(content: string, probe: Probe): Result<PolicyFile, readonly PolicyProblem[]> {
  const text = withoutMark(content);
  const broken: ParseError[] = [];
  const tree = parseTree(text, broken, { allowTrailingComma: true });
  const at = (offset: number): Position => positionOf(text, offset);
  if (tree === undefined) return fail([problem("policy.syntax", at(0), l10n.t("The file is empty."))]);
  if (broken.length > 0) return fail(syntaxProblems(broken, at));
  const place = (path: JSONPath): Position => at(offsetOf(tree, path));

  const newer = versionProblem(tree, place);
  if (newer !== null) return fail([newer]);
  const twice = [...repeatedKeys(tree)].map(({ name, offset }) =>
    problem("policy.value", at(offset), repeated(name)),
  );
  if (twice.length > 0) return fail(twice);

  const parsed = policyFile.safeParse(getNodeValue(tree));
  if (!parsed.success)
    return fail(parsed.error.issues.flatMap((issue) => problemsOf(issue, tree, at)).slice(0, SHOWN_PROBLEMS));
  const file = parsed.data;
  const located =
    (code: PolicyProblem["code"]) =>
    (flaw: Flaw): PolicyProblem => {
      return { code, ...place([...flaw.path]), message: flaw.message };
    };
  const flaws = checkMeaning(file);
  if (flaws.length > 0) return fail(flaws.map(located("policy.rule")));
  const wrong = testExamples(file, compileLayer("repository", file), probe);
  return wrong.length > 0 ? fail(wrong.map(located("policy.example"))) : ok(file);
}

type Position = Pick<PolicyProblem, "line" | "column">;
type Locate = (offset: number) => Position;

function syntaxProblems(broken: readonly ParseError[], at: Locate): readonly PolicyProblem[] {
  const problems = firstOfEachPlace(broken).map((error) =>
    problem("policy.syntax", at(error.offset), syntaxMessage(error)),
  );
  return problems.slice(0, SHOWN_PROBLEMS);
}

function versionProblem(tree: Node, place: (path: JSONPath) => Position): PolicyProblem | null {
  const node = findNodeAtLocation(tree, ["version"]);
  const version: unknown = node === undefined ? undefined : getNodeValue(node);
  if (typeof version !== "number" || version <= POLICY_VERSION) return null;
  const message = l10n.t(
    "This policy has version {0}; this Interlock reads version {1}. Until it is updated, it asks about everything.",
    version,
    POLICY_VERSION,
  );
  return { code: "policy.version", ...place(["version"]), message };
}

/** Of two equal keys JSON takes the last one: a person who reads the first would be misled. */
function* repeatedKeys(node: Node): Generator<{ readonly name: string; readonly offset: number }> {
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    const key = node.type === "object" ? child.children?.[0] : undefined;
    const name = String(key?.value);
    if (key !== undefined && seen.has(name)) yield { name, offset: key.offset };
    seen.add(name);
    yield* repeatedKeys(child);
  }
}

function repeated(name: string): string {
  return l10n.t("“{0}” stands here twice.", name);
}

function problem(code: PolicyProblem["code"], where: Position, message: string): PolicyProblem {
  return { code, ...where, message };
}

function problemsOf(issue: z.core.$ZodIssue, tree: Node, at: Locate): readonly PolicyProblem[] {
  const path = issue.path as JSONPath;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const key_ = findNodeAtLocation(tree, [...path, key])?.parent?.children?.[0];
      const near = nearest(key, keysAt(path));
      const said = l10n.t("“{0}” is not known here.", key);
      const message = near === undefined ? said : `${said} ${l10n.t("Did you mean “{0}”?", near)}`;
      return { code: "policy.unknown", ...at(key_?.offset ?? offsetOf(tree, path)), message };
    });
  }
  const missing = path.length > 0 && findNodeAtLocation(tree, path) === undefined;
  const message = missing
    ? l10n.t("“{0}” is missing here.", String(path.at(-1)))
    : l10n.t("“{0}”: {1}", nameOf(path), expectation(issue));
  return [{ code: "policy.value", ...at(offsetOf(tree, path)), message }];
}

function nameOf(path: JSONPath): string {
  return path.findLast((part) => typeof part === "string") ?? l10n.t("the policy");
}

/** What would be right here. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return l10n.t("this must be of type {0}.", issue.expected);
    case "invalid_value":
      return l10n.t("this must be one of: {0}.", issue.values.map(String).join(", "));
    case "invalid_union":
      return unionExpectation(issue);
    case "invalid_format":
      return l10n.t("this must be lower case letters, digits and dashes; a rule's id has at least one dot.");
    case "too_small":
      return l10n.t("this is too short, or too small.");
    case "too_big":
      return l10n.t("this is too long.");
    default:
      return l10n.t("this can't be read.");
  }
}

/** Of the ways to write it the first one that fits in type says what is wrong; else one text or a list. */
function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  const values = issue.errors.flat().find((each) => each.code === "invalid_value");
  if (values?.code === "invalid_value") return expectation(values);
  return l10n.t("this must be a text, or a list of texts that is not empty.");
}

/** Where a path of the document begins; of what is missing, where its parent begins. */
function offsetOf(tree: Node, path: JSONPath): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return node.offset;
  }
  return tree.offset;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - start + 1 };
}
