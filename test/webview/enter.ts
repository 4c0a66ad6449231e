import type { Panel } from "./panel.ts";
import { STATES, type State } from "./states.ts";

/** A card takes no answer for its first half second. */
const ALIVE_MS = 600;

/** Brings a panel into a state. */
export async function enter(panel: Panel, state: State): Promise<void> {
  if (state.banners !== undefined) panel.feed.banners(state.banners);
  if (state.projects !== undefined) panel.feed.projects(state.projects);
  if (state.place === undefined) await panel.session(...state.events);
  else panel.feed.show(undefined, state.place);
  await panel.settled();
  for (const click of state.clicks ?? []) await panel.page.click(click);
  if (state.later !== undefined) await panel.page.waitForTimeout(ALIVE_MS);
  for (const click of state.later ?? []) await panel.page.click(click);
  if (state.type !== undefined) await panel.page.locator("textarea").pressSequentially(state.type);
  await panel.settled();
}

export function stateNamed(name: string): State {
  const state = STATES.find((state) => state.name === name);
  if (state === undefined) throw new Error(`There is no state ${name}.`);
  return state;
}
