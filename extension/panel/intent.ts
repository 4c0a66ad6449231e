import type { Problem, Result } from "../errors.ts";
import { fail, ok } from "../errors.ts";
import type { Feed } from "./feed.ts";
import { pageIntent, type PageIntent } from "./pageIntent.ts";

type IntentType = PageIntent["type"];
type IntentOf<Type extends IntentType> = Extract<PageIntent, { readonly type: Type }>;

/** The intents that a feed answers by itself. */
type FeedIntent = "ready" | "getRange" | "getDetails";

/** One handler for each intent that needs the editor or a session; a missing one does not compile. */
export type IntentHandlers = {
  readonly [Type in Exclude<IntentType, FeedIntent>]: (intent: IntentOf<Type>) => void | Promise<void>;
};

/** Reads what a page sent. The page is not trusted: anything else than a known, bounded intent is refused. */
export function parseIntent(raw: unknown): Result<PageIntent> {
  const parsed = pageIntent.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  return fail<Problem>({
    code: "panel.intent.unknown",
    message: "The panel sent a message that Interlock does not know.",
    next: "Reload the window; report it when it comes again.",
  });
}

/** Brings an intent to whom it concerns. */
export async function handleIntent(intent: PageIntent, feed: Feed, handlers: IntentHandlers): Promise<void> {
  if (intent.type === "ready") return feed.ready();
  if (intent.type === "getRange") return feed.range(intent);
  if (intent.type === "getDetails") return feed.details(intent.row);
  // The table's type ties each key to its intent; the compiler can't see that the two belong together here.
  const handler = handlers[intent.type] as (intent: PageIntent) => void | Promise<void>;
  return await handler(intent);
}
