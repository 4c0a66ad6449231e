import type { CompoundCommand, CompoundList, For, Select, TestExpression, Word } from "unbash";
import { MAX_LOOP_VALUES } from "./limits.ts";
import type { ShellWord } from "./command.ts";
import type { Scope } from "./scope.ts";
import { runsAsSubscript } from "./subscripts.ts";
import type { Place, Walker } from "./walk.ts";
import { expandSingle, expandWord, visitNested } from "./words.ts";

const NOT_KNOWN: ShellWord = { text: "", known: false, glob: false, start: 0, end: 0 };

/** Walks the commands of loops, conditions and groups. Every branch counts as one that may run. */
export function walkCompound(walker: Walker, node: CompoundCommand, place: Place): void {
  const visit = walker.visitor(place);
  switch (node.type) {
    case "Subshell":
      walker.list(node.body, { ...place, scope: place.scope.fork() });
      break;
    case "BraceGroup":
      walker.list(node.body, place);
      break;
    case "If":
      walker.list(node.clause, place);
      maybe(walker, node.then, place);
      for (const branch of node.elif) {
        maybe(walker, branch.clause, place);
        maybe(walker, branch.then, place);
      }
      if (node.else) maybe(walker, node.else, place);
      break;
    case "While":
      loop(walker, place, (scope) => {
        walker.list(node.clause, { ...place, scope });
        walker.list(node.body, { ...place, scope });
      });
      break;
    case "ArithmeticFor":
      for (const part of [node.initialize, node.test, node.update]) {
        if (!part) continue;
        place.scope.forgetAssigned(place.source.slice(part.pos, part.end));
        visitNested(part, visit);
      }
      loop(walker, place, (scope) => walker.list(node.body, { ...place, scope }));
      break;
    case "For":
    case "Select":
      forEach(walker, node, place);
      break;
    case "Case":
      expandWord(node.word, place.scope, visit);
      for (const item of node.items) {
        for (const pattern of item.pattern) expandWord(pattern, place.scope, visit);
        maybe(walker, item.body, place);
      }
      break;
    case "TestCommand":
      visitNested(node.expression, visit);
      if (evaluated(node.expression).some((word) => runsAsSubscript(expandSingle(word, place.scope, visit))))
        walker.notClear("unknown-code", place.source.slice(node.pos, node.end));
      break;
    case "ArithmeticCommand":
      place.scope.forgetAssigned(place.source.slice(node.pos, node.end));
      if (node.expression) visitNested(node.expression, visit);
      break;
  }
}

/** The words of a test that are taken for names or numbers, and evaluated as such. */
function evaluated(test: TestExpression): readonly Word[] {
  switch (test.type) {
    case "TestUnary":
      return /^-[vR]$/.test(test.operator) ? [test.operand] : [];
    case "TestBinary":
      return /^-(eq|ne|lt|le|gt|ge)$/.test(test.operator) ? [test.left, test.right] : [];
    case "TestLogical":
      return test.operands.flatMap(evaluated);
    case "TestNot":
      return evaluated(test.operand);
    case "TestGroup":
      return evaluated(test.expression);
  }
}

function maybe(walker: Walker, list: CompoundList, place: Place): void {
  const branch = place.scope.fork();
  walker.list(list, { ...place, scope: branch });
  place.scope.mergeMaybe(branch);
}

/** A body that may run many times: what it changes is unknown from its second run on, so it is walked twice. */
function loop(walker: Walker, place: Place, body: (scope: Scope) => void): void {
  const first = place.scope.fork();
  const before = walker.commands.length;
  body(first);
  const changed = place.scope.mergeMaybe(first);
  if (!changed) return;
  const seen = walker.commands.splice(before);
  const second = place.scope.fork();
  body(second);
  place.scope.mergeMaybe(second);
  // The second walk sees the merged state, which covers what the first one saw, unless it lost the folder.
  if (place.scope.folders === null) walker.commands.splice(before, 0, ...seen);
}

function forEach(walker: Walker, node: For | Select, place: Place): void {
  const visit = walker.visitor(place);
  const words = node.wordlist?.flatMap((word) => expandWord(word, place.scope, visit));
  const values = node.type === "Select" ? null : (words ?? place.scope.variable("@") ?? null);
  const name = node.name.value;
  place.scope.assign(name, null);
  if (values?.some(runsAsSubscript)) walker.notClear("unknown-code", node.name.text);
  // Variables of programs are named in capitals.
  if (/^[A-Z_]+$/.test(name)) walker.emitRedirects([], place, [{ name, value: NOT_KNOWN }]);
  if (values === null || values.length > MAX_LOOP_VALUES || values.some((value) => !value.known)) {
    loop(walker, place, (scope) => {
      scope.assign(name, null);
      walker.list(node.body, { ...place, scope });
    });
    return;
  }
  for (const value of values) {
    loop(walker, place, (scope) => {
      scope.assign(name, [value]);
      walker.list(node.body, { ...place, scope });
    });
  }
}
