/** What most of the voters say; of a tie, what was said first. Undefined when nobody has a say. */
export function majority<T>(votes: Iterable<T | undefined>): T | undefined {
  const counts = new Map<T, number>();
  for (const vote of votes) if (vote !== undefined) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  let best: T | undefined;
  for (const [vote, count] of counts) if (best === undefined || count > counts.get(best)!) best = vote;
  return best;
}
