import * as l10n from "@vscode/l10n";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const language = (): string => document.documentElement.lang || "en";

/** Formatters are slow to make and the language never changes. */
function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}
const numbers = once(() => new Intl.NumberFormat(language()));
const tenths = once(
  () => new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);
const times = once(() => new Intl.DateTimeFormat(language(), { timeStyle: "medium", hourCycle: "h23" }));

export function count(value: number): string {
  return numbers().format(value);
}

/** Bytes in millions, such as "10.6 MB". */
export function megabytes(bytes: number): string {
  return l10n.t("{0} MB", tenths().format(bytes / 1_000_000));
}

/** How long something took, such as "1.2 s". */
export function duration(ms: number): string {
  if (ms < SECOND / 10) return l10n.t("{0} ms", Math.round(ms));
  if (ms < 10 * SECOND) return l10n.t("{0} s", tenths().format(ms / SECOND));
  if (ms < MINUTE) return l10n.t("{0} s", Math.round(ms / SECOND));
  if (ms < HOUR) return l10n.t("{0} min {1} s", Math.floor(ms / MINUTE), Math.floor((ms % MINUTE) / SECOND));
  return l10n.t("{0} h {1} min", Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE));
}

/** A running clock, such as "0:14". */
export function clockTime(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const seconds = two(whole % 60);
  return minutes < 60
    ? `${minutes}:${seconds}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds}`;
}

/** How long ago something was, roughly. */
export function ago(ms: number): string {
  if (ms < MINUTE) return l10n.t("just now");
  if (ms < HOUR) return l10n.t("{0} min ago", Math.floor(ms / MINUTE));
  if (ms < DAY) return l10n.t("{0} h ago", Math.floor(ms / HOUR));
  return l10n.t("{0} d ago", Math.floor(ms / DAY));
}

export function timeOfDay(at: number): string {
  return times().format(at);
}

export function money(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(language(), { style: "currency", currency }).format(amount);
  } catch {
    // The currency is an agent's text, not always a code that the browser knows.
    return `${count(amount)} ${currency}`;
  }
}
