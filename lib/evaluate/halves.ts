/**
 * The images that a defender has, and those that figures are on: no test image is both.
 *
 * @module
 */

import { formatCount } from "../core/format.ts";
import { createRandom } from "../core/random.ts";

/** Two halves of a test set, as indices, ascending. */
export interface Halves {
  /** What a defender may draw clean images from. */
  readonly defender: Uint32Array;
  /** What defences are judged on. */
  readonly figures: Uint32Array;
}

/**
 * The seed of the split, the same for all: a model that one defender judges is evaluated on images that
 * no other defender has had either.
 */
export const HALVES_SEED = 1;

/**
 * Splits a test set: an image is the defender's or for figures, as `HALVES_SEED` has it.
 *
 * @param count Number of test images N.
 * @returns ⌊N / 2⌋ for the defender, the others for figures.
 */
export function splitHalves(count: number): Halves {
  const rows = createRandom(HALVES_SEED, "defender's half").shuffle(
    Uint32Array.from(Array(count).keys()),
  );
  const half = Math.floor(count / 2);
  return { defender: rows.slice(0, half).sort(), figures: rows.slice(half).sort() };
}

/** How images are drawn. */
export interface DrawOptions {
  /** How many. */
  readonly count: number;
  readonly seed: number;
  /** Whether as many are drawn of each class, one more of some if it does not come out even. */
  readonly isBalanced?: boolean;
}

/**
 * Draws some images.
 *
 * @param labels The class of each image, `(N)`.
 * @param rows Those to draw from, each below N.
 * @returns Some of `rows`, ascending.
 * @throws {RangeError} If there are too few, of a class where they are to be balanced.
 */
export function drawRows(
  labels: Uint8Array,
  rows: Uint32Array,
  { count, seed, isBalanced = false }: DrawOptions,
): Uint32Array {
  const random = createRandom(seed, "defender's images");
  const groups = isBalanced ? Object.values(Object.groupBy(rows, (row) => labels[row]!)) : [rows];
  const shuffled = groups.map((group) => random.shuffle([...group!]));
  // Who gives one more is drawn, too.
  const order = random.shuffle([...groups.keys()]);
  const drawn = order.flatMap((group, place) => {
    const wanted = Math.floor((count + groups.length - 1 - place) / groups.length);
    const found = shuffled[group]!;
    if (wanted <= found.length) return found.slice(0, wanted);
    const of = isBalanced ? ` of class ${labels[found[0]!]}` : "";
    throw new RangeError(
      `Cannot draw clean images: there must be at least ${formatCount(wanted)}${of} in the ` +
        `defender's half of the test set, got ${formatCount(found.length)}; ask for fewer`,
    );
  });
  if (drawn.length < count) {
    throw new RangeError(
      `Cannot draw clean images: there must be at least ${formatCount(count)}, got none`,
    );
  }
  return Uint32Array.from(drawn).sort();
}
