/**
 * A look at the whole system that many may ask for at once. Whoever asks while one goes on shares the next with all
 * others: what an answer holds is never older than the question.
 */
export function sharedLook<Seen>(look: () => Promise<Seen>): () => Promise<Seen> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<Seen> | undefined;
  const begin = (): Promise<Seen> => {
    next = undefined;
    const seen = look();
    current = seen.catch(() => {});
    return seen;
  };
  return () => (next ??= current.then(begin));
}
