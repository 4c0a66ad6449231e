import type { Approval, RuleOffers } from "../approvals/approval.ts";
import { headOf } from "./bounds.ts";
import { shortPath, type Folder } from "./places.ts";
import type { ApprovalCard, ShownFindings } from "./protocol.ts";
import { sessionScope } from "./sessionScope.ts";

/** Characters of the agent's last sentence on a card. It is an agent's text, so it is bounded. */
const WHY_CHARACTERS = 500;
/** Characters of what an answer for the session covers; where it is the command itself, that stands in full above. */
const COVERS_CHARACTERS = 200;

/** Lines of what a program finds; all that is kept opens in an editor. */
const FINDING_LINES = 10;

/** Characters of the words that a rule is about: they stand in the command, too. */
const WORDS_CHARACTERS = 200;

/** What a rule that is proposed would cover; undefined where none is. */
export function proposalOf(
  rules: RuleOffers | undefined,
  answer = rules?.repeated,
): ApprovalCard["proposes"] {
  const offer = answer === undefined ? undefined : rules?.[answer];
  if (answer === undefined || offer === undefined) return undefined;
  return { answer, covers: headOf(offer.covers, COVERS_CHARACTERS) };
}

/** What is asked, as a person reads it: a file by its path in the workspace. */
export function askedOf({ asked, file }: Approval, folders: readonly Folder[]): string {
  return file === undefined ? asked : shortPath(folders, file);
}

/** What a yes for the session would cover, as a person reads it; empty where there can be none. */
export function coversOf({ covers = "", file, act }: Approval, folders: readonly Folder[]): string {
  if (file === undefined) return headOf(covers, COVERS_CHARACTERS);
  const path = covers.slice(`${act} `.length);
  return headOf(shortPath(folders, path), COVERS_CHARACTERS);
}

function scopeOf(approval: Approval, folders: readonly Folder[]): string {
  const { act } = approval;
  const covers = coversOf(approval, folders);
  return sessionScope({
    act,
    asked: askedOf(approval, folders),
    covers,
    cwd: shortPath(folders, approval.cwd),
  });
}

type Compared = NonNullable<NonNullable<Approval["swap"]>["findings"]>[number];

function swapOf({ tool, by, findings }: NonNullable<Approval["swap"]>): NonNullable<ApprovalCard["swap"]> {
  if (findings === undefined) return { tool, by };
  const shown = ({ lines, more, ...rest }: Compared): ShownFindings => {
    const left = Math.max(0, lines.length - FINDING_LINES);
    return { ...rest, lines: lines.slice(0, FINDING_LINES), more: more + left };
  };
  const [asked, answering] = findings;
  return { tool, by, findings: [shown(asked), shown(answering)] };
}

/** What the page shows of a pending approval. The command is never shortened: a person must see all of it. */
export function cardOf(
  approval: Approval,
  agent: string,
  folders: readonly Folder[],
  undo: ApprovalCard["undo"],
): ApprovalCard {
  const { loss, rules } = approval;
  const proposes = proposalOf(rules);
  return {
    id: approval.id,
    session: approval.session,
    row: `c:${approval.call}`,
    agent,
    kind: approval.kind,
    act: approval.act,
    asked: askedOf(approval, folders),
    ...(approval.run === undefined ? {} : { run: approval.run }),
    ...(approval.editable === undefined ? {} : { editable: approval.editable }),
    ...(approval.edited === true ? { edited: true } : {}),
    cwd: shortPath(folders, approval.cwd),
    rule: approval.rule,
    ...(approval.words === undefined ? {} : { words: headOf(approval.words, WORDS_CHARACTERS) }),
    reason: approval.reason,
    ...(approval.remedy === undefined ? {} : { remedy: approval.remedy }),
    ...(loss === undefined
      ? {}
      : {
          loss: {
            files: [...loss.files],
            fileCount: loss.fileCount,
            commits: loss.commits,
            stashes: loss.stashes,
            ...(loss.revisions === undefined
              ? {}
              : { revisions: loss.revisions.map(({ kind, id, subject }) => ({ kind, id, subject })) }),
            complete: loss.complete,
          },
        }),
    ...(approval.swap === undefined ? {} : { swap: swapOf(approval.swap) }),
    ...(approval.diffs === undefined ? {} : { diffs: [...approval.diffs] }),
    ...(undo === undefined ? {} : { undo }),
    ...(approval.why === undefined ? {} : { why: headOf(approval.why, WHY_CHARACTERS) }),
    openedAt: approval.openedAt,
    choices: [...approval.choices],
    ...(approval.covers === undefined ? {} : { covers: scopeOf(approval, folders) }),
    ...(rules === undefined ? {} : { canWriteRule: true }),
    ...(proposes === undefined ? {} : { proposes }),
    reasonGoes: approval.reasonGoes,
  };
}
