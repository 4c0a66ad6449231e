import type { Banner } from "../../extension/panel/protocol.ts";

export const policyBanners: readonly Banner[] = [
  {
    id: "guard-off",
    level: "error",
    problem: {
      code: "guard.off",
      message: "The guard is off for this session: nothing is asked and nothing refused.",
      next: "",
    },
    action: { id: "guard-on", label: "Switch on" },
  },
  {
    id: "policy",
    level: "warning",
    problem: {
      code: "policy.pending",
      message: "Not in force: agent-policy.json was changed by Codex and loosens 2 rules.",
      next: "Until you apply it, only what it tightens counts.",
    },
    action: { id: "policy-show:0", label: "Show" },
    also: { id: "policy-apply:0", label: "Apply for me" },
  },
];

export const banners: readonly Banner[] = [
  {
    id: "record",
    level: "error",
    problem: {
      code: "audit.write",
      message: "The record can't be written.",
      next: "Nothing that writes is run until it can. Free some disk space.",
    },
    action: { id: "retry", label: "Try again" },
  },
  {
    id: "git",
    level: "warning",
    problem: {
      code: "git.missing",
      message: "Git was not found.",
      next: "What would be lost can't be told.",
    },
  },
  {
    id: "agents-0",
    level: "warning",
    problem: {
      code: "agents.invalid",
      message:
        "Agent number 2 (“My agent”) can't be used: “command” is missing, “args” takes a list of texts.",
      next: "Correct it in the setting “interlock.agents”.",
    },
    action: { id: "open-agents", label: "Open setting" },
  },
];
