/** True when a dotted version is another one or a later one. Parts after the numbers are not compared. */
export function atLeast(version: string, oldest: string): boolean {
  const numbers = (text: string): number[] =>
    text.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);
  const own = numbers(version);
  for (const [index, wanted] of numbers(oldest).entries()) {
    const part = own[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
