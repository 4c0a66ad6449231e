/** Maps with at most so many at work at the same time; the results keep their order. */
export async function inParallel<From, To>(
  items: readonly From[],
  width: number,
  work: (item: From, index: number) => Promise<To> | To,
): Promise<To[]> {
  const results: To[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as From, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
