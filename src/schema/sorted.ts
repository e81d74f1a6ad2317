/**
 * Where an item goes into a list that may be sorted: before the first greater one when the keys stand in order
 * (by code unit or without regard to case), else undefined.
 */
export function sortedIndex(keys: readonly string[], key: string): number | undefined {
  if (keys.length < 2) return undefined;
  const order = ORDERS.find((compare) =>
    keys.every((current, index) => index === 0 || compare(keys[index - 1]!, current) <= 0),
  );
  if (order === undefined) return undefined;
  const index = keys.findIndex((current) => order(current, key) > 0);
  return index === -1 ? keys.length : index;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const ORDERS = [compare, (a: string, b: string) => compare(a.toLowerCase(), b.toLowerCase())];
