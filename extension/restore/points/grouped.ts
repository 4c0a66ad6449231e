import type { Point } from "./point.ts";

/** The points that were taken during one turn, before it and after it. */
export interface TurnPoints {
  /** Counts from 1; null outside of turns. */
  readonly turn: number | null;
  /** What it was asked, shortened; null where that isn't known any more. */
  readonly prompt: string | null;
  /** Newest first. */
  readonly points: readonly Point[];
}

/** The points of one session; of null those that belong to none, such as a person's saves between the turns. */
export interface SessionPoints {
  readonly session: string | null;
  /** Newest first. */
  readonly turns: readonly TurnPoints[];
}

/** Points by session and turn. What has the newest point comes first. */
export function bySession(points: readonly Point[]): readonly SessionPoints[] {
  const newest = points.toSorted((one, other) => (one.id < other.id ? 1 : -1));
  return grouped(newest, ({ session }) => session).map(([session, own]) => ({
    session,
    turns: grouped(own, turnOf).map(([turn, of]) => ({
      turn,
      prompt: of.find(({ reason, about }) => reason === "turn" && about !== null)?.about ?? null,
      points: of,
    })),
  }));
}

/** What runs in a terminal as a whole has no turns. */
function turnOf({ session, turn }: Point): number | null {
  return session === null || turn === 0 ? null : turn;
}

/** In the order in which the keys are met first. */
function grouped<Key>(
  points: readonly Point[],
  keyOf: (point: Point) => Key,
): readonly (readonly [Key, readonly Point[]])[] {
  const groups = new Map<Key, Point[]>();
  for (const point of points) {
    const group = groups.get(keyOf(point)) ?? [];
    groups.set(keyOf(point), [...group, point]);
  }
  return [...groups];
}
