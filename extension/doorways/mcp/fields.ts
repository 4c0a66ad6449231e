import * as z from "zod/mini";

/** One argument of a tool: how it is read, and what agents are told of it. */
export interface Field<Read extends z.ZodMiniType = z.ZodMiniType> {
  readonly read: Read;
  readonly json: Readonly<Record<string, unknown>>;
}

export type Fields = Readonly<Record<string, Field>>;

/** The arguments as a tool gets them. */
export type Arguments<Each extends Fields> = z.output<ReturnType<typeof reader<Each>>>;

/** A text that says something. `pattern`: what else it must be, in words that complete "takes …". */
export function text(description: string, pattern?: RegExp, takes?: string): Field<z.ZodMiniString> {
  const filled = z.string().check(z.minLength(1));
  const read = pattern === undefined ? filled : filled.check(z.regex(pattern, takes));
  return { read, json: { type: "string", description } };
}

export function number(least: number, most: number, description: string): Field<z.ZodMiniNumber> {
  const read = z.int().check(z.gte(least), z.lte(most));
  return { read, json: { type: "integer", minimum: least, maximum: most, description } };
}

export function yes(description: string): Field<z.ZodMiniBoolean> {
  return { read: z.boolean(), json: { type: "boolean", description } };
}

export function oneOf<const Names extends readonly string[]>(
  names: Names,
  description: string,
): Field<z.ZodMiniType<Names[number]>> {
  return { read: z.enum(names), json: { enum: names, description } };
}

export function list<Read extends z.ZodMiniType>(
  { read, json }: Field<Read>,
  most: number,
): Field<z.ZodMiniArray<Read>> {
  const { description, ...items } = json;
  return {
    read: z.array(read).check(z.minLength(1), z.maxLength(most)),
    json: { type: "array", items, minItems: 1, maxItems: most, description },
  };
}

/** An argument that may be left out. */
export function maybe<Read extends z.ZodMiniType>({
  read,
  json,
}: Field<Read>): Field<z.ZodMiniOptional<Read>> {
  return { read: z.optional(read), json };
}

/** Reads the arguments of a call: these, and no others. */
export function reader<Each extends Fields>(fields: Each) {
  const reads = Object.fromEntries(Object.entries(fields).map(([name, { read }]) => [name, read]));
  return z.strictObject(reads as { [Name in keyof Each]: Each[Name]["read"] });
}

/** The same as a JSON Schema. */
export function schemaOf(fields: Fields): object {
  const all = Object.entries(fields);
  return {
    type: "object",
    properties: Object.fromEntries(all.map(([name, { json }]) => [name, json])),
    required: all.filter(([, { read }]) => !read.safeParse(undefined).success).map(([name]) => name),
    additionalProperties: false,
  };
}
