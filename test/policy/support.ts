import { probe } from "../../extension/door/probe.ts";
import { type Analysis, analyse } from "../../extension/guard/analyse.ts";
import { type Fact, factKey, type Facts } from "../../extension/guard/facts.ts";
import { noLoss } from "../../extension/guard/loss.ts";
import { compileLayer, type LayerName } from "../../extension/policy/compile.ts";
import { type Asking, decide, type Decision, type PolicyInForce } from "../../extension/policy/decide.ts";
import { readPolicy } from "../../extension/policy/read.ts";
import type { PolicyFile } from "../../extension/policy/schema.ts";
import { parseShell } from "../../extension/shell/parse.ts";

export const ROOT = "/srv/project";
export const AROUND = { roots: [ROOT], home: "/home/me", temporary: ["/tmp"], own: ["/home/me/.state"] };

/** What a policy says beside its version. */
export type Said = Omit<PolicyFile, "version">;

/** A policy as it is read from its text, examples and all. */
export function policyOf(said: Said): PolicyFile {
  const read = readPolicy(JSON.stringify({ version: 1, ...said }), probe);
  if (!read.ok) throw new Error(read.error.map(({ message }) => message).join("\n"));
  return read.value;
}

export interface Layers {
  readonly user?: Said;
  readonly repository?: Said;
  /** What the repository's file says that nobody has accepted. */
  readonly proposed?: Said;
  readonly unreadable?: LayerName;
}

export function inForce({ user, repository, proposed, unreadable }: Layers): PolicyInForce {
  const layer = (name: LayerName, said: Said | undefined) =>
    said === undefined ? [] : [compileLayer(name, policyOf(said))];
  const sides = [[...layer("user", user), ...layer("repository", repository)]];
  if (proposed !== undefined) sides.push([...layer("user", user), ...layer("proposed", proposed)]);
  return { sides, unreadable: unreadable === undefined ? null : { layer: unreadable, words: "" } };
}

export interface Situation extends Partial<Asking> {
  /** The branch that is checked out; undefined: it couldn't be looked up. */
  readonly branch?: string | null;
  readonly defaultBranches?: readonly string[];
}

export function analysisOf(line: string): Analysis {
  return analyse(parseShell(line, { cwd: ROOT, home: AROUND.home }), AROUND);
}

/** Nothing would be lost, and the branch is the one of the situation. */
export function factsOf({ effects }: Analysis, { branch, defaultBranches = [] }: Situation): Facts {
  const queries = effects.flatMap((effect) => [...effect.needs, ...(effect.also ?? [])]);
  return new Map(
    queries.map((query): [string, Fact] => {
      if (query.fact !== "branch") return [factKey(query), { known: true, loss: noLoss(ROOT) }];
      const fact: Fact =
        branch === undefined ? { known: false, why: "failed" } : { known: true, branch, defaultBranches };
      return [factKey(query), fact];
    }),
  );
}

export function decided(line: string, layers: Layers = {}, situation: Situation = {}): Decision {
  const analysis = analysisOf(line);
  const asking: Asking = { mode: "careful", roots: [ROOT], texts: () => [line], ...situation };
  return decide(analysis, factsOf(analysis, situation), inForce(layers), asking);
}

/** `VERDICT RULE LAYER`, to compare at a glance. */
export function said(line: string, layers: Layers = {}, situation: Situation = {}): string {
  const { verdict, rule, layer } = decided(line, layers, situation);
  return `${verdict} ${rule} ${layer}`;
}
