import { join } from "node:path";
import { type Elsewhere, moved, notMoved } from "../door/elsewhere.ts";
import type { Problem } from "../errors.ts";
import type { EventBody } from "../events/event.ts";
import type { Worktree } from "../git/worktrees.ts";
import type { GateKeeper, SessionHost, SessionPlace } from "./host.ts";
import {
  changedSince,
  notCarried,
  readUncommitted,
  type Uncommitted,
  unknownChanges,
} from "./uncommitted.ts";

export interface TreesParts {
  readonly place: SessionPlace;
  readonly host: Pick<SessionHost, "git" | "worktrees" | "tree">;
  /** What names a branch where nothing else was said yet. */
  readonly agent: string;
  /** False for an agent that can't be sent to another folder. */
  readonly canMove: boolean;
  readonly emit: (event: EventBody) => void;
  /** The session works in this folder, too. */
  readonly onFolder: (folder: string) => void;
  /** What the agent must be told as a prompt, since its answer can't hold it. */
  readonly tell: (asked: string, worktree: Worktree, carried: number) => void;
  readonly onProblem: (problem: Problem) => void;
}

/**
 * The working trees of one session: the one that it began in, and a worktree where a person sent it on. Their gates are those of the
 * last.
 */
export class Trees implements Elsewhere {
  readonly #parts: TreesParts;
  #worktree: Worktree | undefined;
  #gates: GateKeeper;
  #stopGates: () => void;
  /** What was in no commit when the session began: that isn't the agent's. */
  #before: Promise<Uncommitted | null> = Promise.resolve(null);
  /** What the session is about: the agent's title for it, and what it was first asked. */
  #title = "";
  #firstPrompt = "";

  constructor(parts: TreesParts) {
    this.#parts = parts;
    this.#worktree = parts.place.worktree;
    this.#gates = parts.place.gates;
    this.#stopGates = this.#listenToGates();
  }

  /** Where the session may work. A worktree comes first: it can lie inside of an opened home folder. */
  get roots(): readonly string[] {
    const { tree } = this.#parts.place;
    const folder = this.#worktree?.folder;
    return folder === undefined || folder === tree ? [tree] : [folder, tree];
  }

  /** Those of the folder that the session works in now. */
  get gates(): GateKeeper {
    return this.#gates;
  }

  begin(): void {
    const { place, host, emit, onProblem } = this.#parts;
    const { worktree } = place;
    if (worktree === undefined) {
      this.#before = readUncommitted(host.git, place.tree).catch(() => null);
      return;
    }
    const { branch, folder, left } = worktree;
    emit({ type: "session.worktree", branch, folder });
    if (left.length > 0) onProblem(notCarried(left));
  }

  /** What the session tells of itself names its branch. */
  heed(event: EventBody): void {
    if (event.type === "session.title") this.#title = event.title;
    if (event.type === "turn.started" && this.#firstPrompt === "") this.#firstPrompt = event.prompt;
  }

  async offers(folder: string): Promise<boolean> {
    const { host, canMove } = this.#parts;
    return (
      canMove && this.#worktree === undefined && this.#isHere(folder) && host.worktrees.canCreate(folder)
    );
  }

  async move(folder: string, asked: string, answered: boolean): Promise<Problem> {
    const { host, place, agent, emit, onFolder, onProblem, tell } = this.#parts;
    const [before, now] = await Promise.all([this.#before, readUncommitted(host.git, folder)]);
    if (now === null) return this.#notMoved(unknownChanges());
    const carry = changedSince(before, now);
    const words = [this.#title, this.#firstPrompt, agent];
    const made = await host.worktrees.create({ folder, project: place.tree, words, carry });
    if (!made.ok) return this.#notMoved(made.error);
    const { branch, root, folder: tree, carried, left } = made.value;
    const gates = await host.tree(tree);
    this.#worktree = made.value;
    this.#stopGates();
    this.#gates = gates;
    this.#stopGates = this.#listenToGates();
    emit({ type: "session.worktree", branch, folder: tree });
    onFolder(tree);
    void gates.edited(carried.map((path) => join(root, path))).catch(() => []);
    if (left.length > 0) onProblem(notCarried(left));
    if (!answered) tell(asked, made.value, carried.length);
    return moved(branch, tree, carried.length);
  }

  /** Takes away a worktree that holds nothing: true where there was one. */
  async close(): Promise<boolean> {
    this.#stopGates();
    return this.#worktree !== undefined && this.#parts.host.worktrees.removeEmpty(this.#worktree);
  }

  #listenToGates(): () => void {
    return this.#gates.onReport((report) => this.#parts.emit({ type: "gate", report }));
  }

  #notMoved(problem: Problem): Problem {
    this.#parts.onProblem(problem);
    return notMoved(problem);
  }

  #isHere(folder: string): boolean {
    return this.roots.some((root) => folder === root || folder.startsWith(`${root}/`));
  }
}
