/**
 * Drawing the images to poison.
 *
 * @module
 */

import type { Random } from "../core/random.ts";

/**
 * Draws without replacement until every candidate has been drawn once, then from all of them
 * again, so that a high poisoning rate repeats each image as seldom as it can.
 *
 * @param candidates What to draw from.
 * @param count How many to draw.
 * @param random Where the randomness comes from; moved on.
 * @returns `count` candidates, each `floor(count / candidates)` times or once more.
 * @throws {RangeError} If something is to be drawn and there are no candidates.
 */
export function draw(candidates: readonly number[], count: number, random: Random): number[] {
  requireCandidates(candidates, count);
  const drawn: number[] = [];
  while (drawn.length < count) {
    const shuffled = random.shuffle([...candidates]);
    for (const candidate of shuffled.slice(0, count - drawn.length)) drawn.push(candidate);
  }
  return drawn;
}

/** As `draw`, each time among all candidates: `numpy.random.choice`, as ART calls it. */
export function drawWithReplacement(
  candidates: readonly number[],
  count: number,
  random: Random,
): number[] {
  requireCandidates(candidates, count);
  return Array.from({ length: count }, () => candidates[random.integer(candidates.length)]!);
}

function requireCandidates(candidates: readonly number[], count: number): void {
  if (count === 0 || candidates.length > 0) return;
  throw new RangeError(
    `Cannot poison a training set: it must hold images that the attack poisons, got none; ` +
      "choose another source class or more images",
  );
}
