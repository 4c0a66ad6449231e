import { AUDIT_FOLDER } from "../audit/log.ts";
import type { Loss, LostRevision } from "../guard/loss.ts";

/** What a person's yes is said to: this command in this folder, these effects, and no more loss than was shown. */
export interface ActScope {
  /** The command in canonical form, with everything beside it that changes what it does. */
  readonly key: string;
  readonly cwd: string;
  /** Kinds of effect. */
  readonly effects: readonly string[];
  readonly loss: Loss | null;
  /** What a write makes of what the file holds, as far as a person was shown it. */
  readonly change?: string | undefined;
}

/** True when a yes to one act is a yes to the other. */
export function covers(allowed: ActScope, act: ActScope): boolean {
  return (
    allowed.key === act.key &&
    allowed.cwd === act.cwd &&
    (allowed.change === undefined || allowed.change === act.change) &&
    doesNoMore(act, allowed)
  );
}

/** True when an act has no other effects, and loses no more, than what was allowed. */
export function doesNoMore(act: ActScope, allowed: ActScope): boolean {
  return (
    act.effects.every((effect) => allowed.effects.includes(effect)) && losesNoMore(act.loss, allowed.loss)
  );
}

function losesNoMore(told: Loss | null, shown: Loss | null): boolean {
  if (told === null) return true;
  const now = withoutRecord(told);
  if (shown === null) return now.complete && now.fileCount + now.commits + now.stashes === 0;
  return (
    (now.complete || !shown.complete) &&
    now.fileCount <= shown.fileCount &&
    now.commits <= shown.commits &&
    now.stashes <= shown.stashes &&
    namesNoOther(now, shown, "commit", shown.commits) &&
    namesNoOther(now, shown, "stash", shown.stashes) &&
    now.files.every((file) =>
      shown.files.some(
        ({ path, added, removed }) => path === file.path && added === file.added && removed === file.removed,
      ),
    )
  );
}

/** Of commits and stash entries a person is named some and told how many there are: others can only be of those not named. */
function namesNoOther(now: Loss, shown: Loss, kind: LostRevision["kind"], counted: number): boolean {
  const idsOf = ({ revisions = [] }: Loss): readonly string[] =>
    revisions.filter((revision) => revision.kind === kind).map(({ id }) => id);
  const named = new Set(idsOf(shown));
  return idsOf(now).filter((id) => !named.has(id)).length <= counted - named.size;
}

/** The record grows by each answer, also where somebody has put it under version control. */
function withoutRecord(loss: Loss): Loss {
  const files = loss.files.filter(({ path }) => !path.startsWith(`${AUDIT_FOLDER}/`));
  return { ...loss, files, fileCount: loss.fileCount - (loss.files.length - files.length) };
}
