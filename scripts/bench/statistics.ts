/**
 * What is said of repeated measurements.
 *
 * @module
 */

/** The middle of some measurements, and how far they lie apart. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The middle value; the mean of the two middle ones where their number is even.
 *
 * @param values At least one.
 * @throws {RangeError} If there is none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) {
    throw new RangeError("Cannot take a median: there must be a value, got none");
  }
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The least value that at least a share of all values do not exceed (nearest rank).
 *
 * @param values At least one.
 * @param p The share in percent, above 0 and at most 100.
 * @throws {RangeError} If there is none.
 */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) {
    throw new RangeError("Cannot take a percentile: there must be a value, got none");
  }
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * p / 100) - 1)]!;
}

/**
 * Sums up measurements.
 *
 * @throws {RangeError} If there is none.
 */
export function summarise(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Sums up how many times as much one thing is as another, round by round: what slows a whole round
 * down, such as a busy machine, is then in neither.
 *
 * @param numerators One value a round.
 * @param denominators As many, of the same rounds.
 * @throws {RangeError} If there are none, or their numbers differ.
 */
export function ratio(numerators: readonly number[], denominators: readonly number[]): Summary {
  if (numerators.length !== denominators.length) {
    throw new RangeError(
      `Cannot take a ratio: both must have as many rounds, got ${numerators.length} and ` +
        `${denominators.length}`,
    );
  }
  return summarise(numerators.map((value, round) => value / denominators[round]!));
}
