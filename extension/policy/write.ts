import { applyEdits, type Edit, findNodeAtLocation, modify, type Node, parseTree } from "jsonc-parser";
import { withoutMark } from "./read.ts";
import { ALL_LISTS, type PolicyFile } from "./schema.ts";

type RuleList = (typeof ALL_LISTS)[number];
type AnyRule = NonNullable<PolicyFile[RuleList]>[number];

/** The text of a policy with the rules of another one at the end of its lists; comments and format stay as they are. */
export function withRules(text: string, { ...added }: PolicyFile): string {
  let result = withoutMark(text);
  for (const list of ALL_LISTS)
    for (const rule of added[list] ?? []) result = applyEdits(result, insertion(result, list, rule));
  return result;
}

/** An id that no rule of the policy has yet. */
export function freshId(id: string, policy: PolicyFile | null): string {
  const known = new Set(rulesOf(policy).map((rule) => rule.id));
  if (!known.has(id)) return id;
  for (let n = 2; ; n++) if (!known.has(`${id}-${n}`)) return `${id}-${n}`;
}

function rulesOf(policy: PolicyFile | null): readonly AnyRule[] {
  return ALL_LISTS.flatMap((list): readonly AnyRule[] => policy?.[list] ?? []);
}

function insertion(text: string, list: RuleList, rule: AnyRule): Edit[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const found = tree === undefined ? undefined : findNodeAtLocation(tree, [list]);
  const last = found?.children?.at(-1);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  if (last !== undefined) return afterLast(text, last, JSON.stringify(rule, null, unit), eol);
  const key = found === undefined ? tree?.children?.at(-1) : undefined;
  if (key !== undefined) {
    const whole = `${JSON.stringify(list)}: ${JSON.stringify([rule], null, unit)}`;
    return afterLast(text, key, whole, eol);
  }
  const formattingOptions = { insertSpaces: !unit.startsWith("\t"), tabSize: unit.length, eol };
  return modify(text, [list, -1], rule, { isArrayInsertion: true, formattingOptions });
}

/** Behind the last rule or key, its comma, and what is said of it on the same line. */
function afterLast(text: string, last: Node, added: string, eol: string): Edit[] {
  const end = last.offset + last.length;
  const [behind = "", comma] = /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*(,)?/.exec(text.slice(end)) ?? [];
  const separators: Edit[] = comma === undefined ? [{ offset: end, length: 0, content: "," }] : [];
  const from = comma === undefined ? end : end + behind.length;
  const [remark = ""] = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)?/.exec(text.slice(from)) ?? [];
  const line = text.slice(text.lastIndexOf("\n", last.offset) + 1, last.offset);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  const content = `${eol}${added}`.replaceAll("\n", `\n${indent}`).replaceAll(/\r?\n/g, eol);
  return [...separators, { offset: from + remark.trimEnd().length, length: 0, content }];
}
