/** The fields of a variable with JSON; null where a person wrote something else there: then it is theirs to mend. */
export function givenFields(json: string | undefined): Readonly<Record<string, unknown>> | null {
  if (json === undefined || json.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(json);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
