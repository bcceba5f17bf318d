/** Number of labels of each of ten classes. */
export function countClasses(labels: Uint8Array): number[] {
  const counts = Array<number>(10).fill(0);
  for (const label of labels) counts[label] = counts[label]! + 1;
  return counts;
}
