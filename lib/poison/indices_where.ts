/**
 * Picking rows by their labels.
 *
 * @module
 */

/** The indices at which a label, or a flag, fulfils a condition; ascending. */
export function indicesWhere(labels: Uint8Array, holds: (label: number) => boolean): number[] {
  const indices: number[] = [];
  labels.forEach((label, index) => {
    if (holds(label)) indices.push(index);
  });
  return indices;
}
