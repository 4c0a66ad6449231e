import * as z from "zod/mini";
import { EFFECTS } from "../guard/effect.ts";

/** The version of the format that this file reads. A newer one asks for everything. */
export const POLICY_VERSION = 1;

/** More than anybody writes by hand, and few enough to look through at each decision. */
const MAX_ENTRIES = 500;
const MAX_TEXT = 1_000;

const text = z.string().check(z.minLength(1), z.maxLength(MAX_TEXT));
const texts = z.array(text).check(z.maxLength(MAX_ENTRIES));
const oneOrMore = z.union([text, z.array(text).check(z.minLength(1), z.maxLength(MAX_ENTRIES))]);
const effect = z.enum(EFFECTS);

const conditions = {
  command: z.optional(oneOrMore),
  effect: z.optional(z.union([effect, z.array(effect).check(z.minLength(1))])),
  rule: z.optional(oneOrMore),
  path: z.optional(oneOrMore),
  host: z.optional(oneOrMore),
  branch: z.optional(oneOrMore),
  match: z.optional(texts),
  notMatch: z.optional(texts),
};
const id = z.string().check(z.regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/), z.maxLength(100));
const holdsBack = z.strictObject({ id, reason: text, remedy: text, ...conditions });
const letsThrough = z.strictObject({ id, reason: text, remedy: z.optional(text), ...conditions });
const routes = z.strictObject({
  id,
  reason: text,
  command: oneOrMore,
  /** `asked`, or the words that run instead. */
  as: text,
  /** The root of the one project in which it counts. */
  project: z.optional(text),
  match: z.optional(texts),
  notMatch: z.optional(texts),
});

/** The Agent Access Policy as it stands in a file. The JSON schema in `media/` says the same, with its meaning. */
export const policyFile = z.strictObject({
  $schema: z.optional(z.string()),
  version: z.literal(POLICY_VERSION),
  branches: z.optional(z.strictObject({ write: z.optional(texts), protected: z.optional(texts) })),
  files: z.optional(
    z.strictObject({
      writable: z.optional(texts),
      protected: z.optional(texts),
      secret: z.optional(texts),
      restore: z.optional(texts),
    }),
  ),
  network: z.optional(
    z.strictObject({ read: z.optional(z.enum(["allow", "ask", "deny"])), hosts: z.optional(texts) }),
  ),
  environments: z.optional(z.record(z.string().check(z.regex(/^[a-z][a-z0-9-]*$/)), texts)),
  sessions: z.optional(z.strictObject({ where: z.enum(["folder", "worktree"]) })),
  spend: z.optional(
    z.strictObject({
      perRun: z.optional(z.number().check(z.minimum(0))),
      perDay: z.optional(z.number().check(z.minimum(0))),
    }),
  ),
  deny: z.optional(z.array(holdsBack).check(z.maxLength(MAX_ENTRIES))),
  ask: z.optional(z.array(holdsBack).check(z.maxLength(MAX_ENTRIES))),
  allow: z.optional(z.array(letsThrough).check(z.maxLength(MAX_ENTRIES))),
  routing: z.optional(z.array(routes).check(z.maxLength(MAX_ENTRIES))),
});

/** The keys that an object of the file can have; none where its path leads to no object with names of its own. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: z.core.$ZodType | undefined = policyFile;
  for (const part of path) schema = partOf(known(schema), part);
  const found = known(schema);
  return found?._zod.def.type === "object" ? Object.keys(found._zod.def.shape) : [];
}

/** What an optional field holds, where it is there. */
function known(schema: z.core.$ZodType | undefined): z.core.$ZodTypes | undefined {
  const found = schema as z.core.$ZodTypes | undefined;
  return found?._zod.def.type === "optional" ? known(found._zod.def.innerType) : found;
}

function partOf(schema: z.core.$ZodTypes | undefined, part: PropertyKey): z.core.$ZodType | undefined {
  const def = schema?._zod.def;
  if (def?.type === "object") return def.shape[String(part)];
  return def?.type === "array" ? def.element : undefined;
}

export type PolicyFile = z.infer<typeof policyFile>;
export type RuleEntry = z.infer<typeof letsThrough>;

/** A rule about where a command is sent. */
export type RoutingEntry = z.infer<typeof routes>;

/** The lists of rules about verdicts, in the order in which they win. */
export const RULE_LISTS = ["deny", "ask", "allow"] as const;
/** Every list of rules: an id stands in one of them. */
export const ALL_LISTS = [...RULE_LISTS, "routing"] as const;

/** What may be written as one text or as several. */
export function listOf<Value>(value: Value | readonly Value[] | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
}
