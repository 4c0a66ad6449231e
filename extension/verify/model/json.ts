/** Reading of JSON that others wrote: what has another shape than expected is empty, never an error. */
export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The text of content that is a text or a list of parts with texts. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return text(fields(content)["text"]);
  return content.map(textOf).filter(Boolean).join("\n");
}

/** The names of a tool's fields by its JSON schema, and those that take lists. */
export function fieldsOfSchema(schema: unknown): {
  readonly fields: readonly string[];
  readonly lists: readonly string[];
} {
  const properties = Object.entries(fields(fields(schema)["properties"]));
  const lists = properties.filter(([, each]) => text(fields(each)["type"]).toLowerCase() === "array");
  return { fields: properties.map(([name]) => name), lists: lists.map(([name]) => name) };
}
