/**
 * A training set with poisoned copies after the clean rows.
 *
 * @module
 */

import type { LabelledImages } from "../core/types.ts";
import type { Attack, AttackManifest, PoisonedSet } from "./attack.ts";

/** Images to poison alike. */
export interface PoisonedGroup {
  /** Indices into the training set, one for each new row. */
  readonly images: readonly number[];
  /** The class that the new rows are labelled as. */
  readonly target: number;
}

/**
 * Views a training set as its own rows, then a triggered row for each chosen image.
 *
 * @param clean The training set; its images are shared with the result.
 * @param groups What to append, in this order.
 * @param options.attack Whose kind and trigger the set carries.
 * @param options.manifest What else stands in its manifest.
 * @throws {RangeError} If the rate asks for poisoned rows and there are none.
 */
export function appendPoisoned(
  { images, labels: cleanLabels }: LabelledImages,
  groups: readonly PoisonedGroup[],
  { attack: { kind, trigger }, manifest }: {
    attack: Pick<Attack, "kind" | "trigger">;
    manifest: Pick<AttackManifest, "source" | "target" | "poisonRate">;
  },
): PoisonedSet {
  const cleanCount = cleanLabels.length;
  const poisonedCount = groups.reduce((count, group) => count + group.images.length, 0);
  if (manifest.poisonRate > 0 && poisonedCount === 0) {
    // The set would be a clean one under the name of an attack.
    throw new RangeError(
      `Cannot poison a training set: rate must make at least one poisoned image of its ` +
        `${cleanCount}, got ${manifest.poisonRate}; raise the rate or take more images`,
    );
  }
  const rows = new Uint32Array(cleanCount + poisonedCount);
  const labels = new Uint8Array(rows.length);
  for (let row = 0; row < cleanCount; row++) rows[row] = row;
  labels.set(cleanLabels);
  let row = cleanCount;
  for (const group of groups) {
    rows.set(group.images, row);
    labels.fill(group.target, row, row + group.images.length);
    row += group.images.length;
  }
  return {
    images,
    perturbed: null,
    rows,
    labels,
    poisoned: new Uint8Array(rows.length).fill(1, cleanCount),
    trigger: poisonedCount > 0 ? trigger : null,
    manifest: {
      kind,
      trigger: trigger?.manifest ?? null,
      ...manifest,
      poisoned: poisonedCount,
      perturbation: null,
    },
  };
}
