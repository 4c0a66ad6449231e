import { CHANNEL_VERSION } from "./frame.ts";

/** Who may ask by a channel: programs of this kind that know the session's token. */
export interface Known {
  readonly kind: string;
  readonly token: string;
}

/** The kind that a caller says it is. */
export function kindOfCaller([, , kind]: readonly Buffer[]): string {
  return String(kind);
}

/** What a caller said beside what proves that it belongs here; null for a stranger, or one of another version. */
export function saidBy(fields: readonly Buffer[], known: Known): readonly Buffer[] | null {
  const [version, token, kind, ...said] = fields;
  const belongs =
    String(version) === CHANNEL_VERSION && String(token) === known.token && String(kind) === known.kind;
  return belongs ? said : null;
}
