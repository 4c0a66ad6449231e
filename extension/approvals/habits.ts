/** Same answers in a row after which a rule is proposed. */
export const PROPOSE_AFTER = 3;
/** Kinds of question that are remembered, and what was asked in the last ones of each. */
const MAX_KINDS = 200;
const MAX_ASKED = 10;

/** What a person answered, without a break, to questions of one kind. */
export interface Habit {
  readonly answer: "allow" | "deny";
  readonly times: number;
  /** What was asked: the commands, or paths, of each question. */
  readonly asked: readonly (readonly string[])[];
}

/** The answers of a person to questions of the same kind. Another answer begins anew. */
export class Habits {
  readonly #habits = new Map<string, Habit>();

  of(kind: string): Habit | undefined {
    return this.#habits.get(kind);
  }

  note(kind: string, answer: Habit["answer"], asked: readonly string[]): Habit {
    const known = this.#habits.get(kind);
    const before = known?.answer === answer ? known : undefined;
    const habit: Habit = {
      answer,
      times: (before?.times ?? 0) + 1,
      asked: [...(before?.asked ?? []), asked].slice(-MAX_ASKED),
    };
    this.#habits.delete(kind);
    this.#habits.set(kind, habit);
    const [oldest] = this.#habits.keys();
    if (this.#habits.size > MAX_KINDS && oldest !== undefined) this.#habits.delete(oldest);
    return habit;
  }
}
