import { isSecret } from "../places.ts";
import type { CodeAct } from "./acts.ts";

/** Files of keys and passwords that a program's texts name: however they are put together, it means to read them. */
export function secretsAmong(texts: readonly (string | null | undefined)[]): readonly CodeAct[] {
  const named = texts.filter((text) => text !== null && text !== undefined && isSecret(text));
  return named.map((path) => ({ does: "reads", path: { text: path ?? "" } }));
}
