/** Characters of a hash that a person is shown: as many as git shows of most repositories. */
const SHOWN = 7;

/** The beginning of a commit's hash, as a person knows it. */
export function shortHash(id: string): string {
  return id.slice(0, SHOWN);
}
