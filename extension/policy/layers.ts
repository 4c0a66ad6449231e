import { branchesOf, type WrittenBranches } from "../guard/branches.ts";
import type { Effect } from "../guard/effect.ts";
import {
  candidates,
  type CompiledLayer,
  type CompiledRule,
  isAmong,
  isWithin,
  type RuleSet,
  type Subject,
} from "./compile.ts";
import { extended, type Ruling, written } from "./ruling.ts";
import type { Mode, RuleId } from "./rules.ts";
import { isStricter } from "./verdict.ts";

export interface Ruled extends Subject {
  readonly mode: Mode;
}

/**
 * What the layers make of a built-in ruling, in this order:
 * 1. A refusal, by whichever layer, stands.
 * 2. The highest layer that has something to say says it; of one layer, asking wins over allowing.
 * 3. Allowing lifts a question, never a refusal and never a question about lost work.
 */
export function overruling(layers: readonly CompiledLayer[], base: Ruling, subject: Ruled): Ruling {
  if (base.verdict === "deny" || layers.length === 0) return base;
  for (const layer of layers) {
    const refusal = refusalBy(layer, subject);
    if (refusal !== null) return refusal;
  }
  for (const layer of layers.toReversed()) {
    const question = questionBy(layer, subject);
    if (question !== null) return graver(question, base);
    const permission = base.verdict === "ask" && base.ask !== "loss" ? permissionBy(layer, subject) : null;
    if (permission !== null) return permission;
  }
  return base;
}

/** Of two questions the one about lost work says more, and so does the one about a protected branch. */
function graver(question: Ruling, base: Ruling): Ruling {
  if (base.verdict !== question.verdict) return isStricter(base.verdict, question.verdict) ? base : question;
  return base.ask === "loss" || question.rule === "git.branch.elsewhere" ? base : question;
}

function refusalBy(layer: CompiledLayer, subject: Ruled): Ruling | null {
  const rule = firstThat(layer.deny, subject, "yes");
  if (rule !== null) return written(rule, "deny", layer.name);
  const extension = restrictions(layer, subject).find((ruling) => ruling.verdict === "deny");
  return extension ?? null;
}

function questionBy(layer: CompiledLayer, subject: Ruled): Ruling | null {
  const restriction = restrictions(layer, subject).find((ruling) => ruling.verdict === "ask");
  if (restriction !== undefined) return restriction;
  // What may fall under a refusal is a person's to decide.
  const rule = firstThat(layer.ask, subject, "maybe") ?? firstThat(layer.deny, subject, "maybe");
  return rule === null ? null : written(rule, "ask", layer.name);
}

function permissionBy(layer: CompiledLayer, subject: Ruled): Ruling | null {
  const rule = firstThat(layer.allow, subject, "yes");
  if (rule !== null) return written(rule, "allow", layer.name);
  const { kind, rule: id, hosts } = subject.effect;
  const isKnown = hosts !== undefined && hosts.length > 0 && hosts.every(layer.hosts);
  return id === "network.send" && kind === "network.send" && isKnown
    ? extended("network.send", layer.name, subject.mode, "allow")
    : null;
}

function firstThat(set: RuleSet, subject: Subject, sure: "yes" | "maybe"): CompiledRule | null {
  for (const rule of candidates(set, subject.effect)) {
    const match = rule.applies(subject);
    if (match === "yes" || match === sure) return rule;
  }
  return null;
}

/** What the lists of a layer hold back: branches, files, machines. */
function restrictions(layer: CompiledLayer, subject: Ruled): readonly Ruling[] {
  const { effect, mode } = subject;
  const found: Ruling[] = [];
  const add = (rule: RuleId | null): void => {
    if (rule !== null) found.push(extended(rule, layer.name, mode));
  };
  add(ofBranches(layer, subject));
  add(ofFiles(layer, subject));
  if (layer.networkRead !== "allow" && isOpenNetwork(layer, effect))
    found.push(extended("network.closed", layer.name, mode, effect.hosts ? layer.networkRead : "ask"));
  return found;
}

function ofBranches(layer: CompiledLayer, { effect, facts }: Subject): RuleId | null {
  const branches = branchesOf(effect, facts);
  if (branches === null) return null;
  if (isProtectedBy(layer, branches)) {
    if (effect.kind === "git.push.force") return "git.push.protected";
    if (effect.kind === "git.ref")
      return effect.rule === "git.ref.delete.protected" ? effect.rule : "git.ref.protected";
    // A push is asked about anyway, by its own rule.
    return effect.kind === "git.push" ? "git.push" : "git.commit.protected";
  }
  if (layer.writeBranches === null || effect.rule === "git.push.protected") return null;
  const open = branches.known && branches.names.every(layer.writeBranches);
  return open ? null : "git.branch.elsewhere";
}

/** `*` means every branch, the protected ones among them. */
function isProtectedBy(
  { protectedBranches, protectsBranches }: CompiledLayer,
  { names }: WrittenBranches,
): boolean {
  return names.some((name) => protectedBranches(name) || (protectsBranches && name.includes("*")));
}

const WRITES = /^(fs\.(write|overwrite|delete)|secret\.write)/;

function ofFiles(layer: CompiledLayer, { effect, roots }: Subject): RuleId | null {
  const { paths = [], rule } = effect;
  if (paths.length === 0) return null;
  const anyOf = (globs: CompiledLayer["secretFiles"]): boolean =>
    paths.some((path) => isAmong(globs, path, roots, effect));
  if (rule === "read" || rule === "read.outside") return anyOf(layer.secretFiles) ? "secret.read" : null;
  if (!WRITES.test(rule)) return null;
  if (anyOf(layer.protectedFiles)) return "fs.write.protected";
  if (anyOf(layer.secretFiles)) return "secret.write";
  const { writable } = layer;
  const inProject = rule === "fs.write" || rule === "fs.overwrite" || rule === "fs.delete";
  if (writable === null || !inProject) return null;
  return paths.every((path) => isWithin(writable, path, roots)) ? null : "fs.write.elsewhere";
}

function isOpenNetwork(layer: CompiledLayer, { kind, hosts }: Effect): boolean {
  if (kind !== "network" && kind !== "network.send") return false;
  return hosts === undefined || !hosts.every(layer.hosts);
}
