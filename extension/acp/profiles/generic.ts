import type { AgentProfile } from "./profile.ts";

/** An agent of which nothing is known: shims ask in its shells, and it is asked what it asks by itself. */
export const generic: AgentProfile = {
  programs: [],
  packages: [],
  patience: {},
  launch: () => ({}),
};
