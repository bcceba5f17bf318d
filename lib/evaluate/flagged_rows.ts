/**
 * What a filter of a training set has flagged.
 *
 * @module
 */

/** Figures of flagged rows; rates are fractions. */
export interface FlaggedFigures {
  /** Number of rows that are flagged. */
  readonly flagged: number;
  /** Number of rows that are poisoned. */
  readonly poisoned: number;
  /** Share of the poisoned rows that are flagged; `null` if there are none. */
  readonly recall: number | null;
  /** Share of the other rows that are flagged; `null` if there are none. */
  readonly falsePositiveRate: number | null;
}

/**
 * Counts flagged rows.
 *
 * @param flagged Which rows, each below M and once.
 * @param poisoned 1 where a row is poisoned, else 0, `(M)`.
 * @throws {RangeError} If a flagged row is none of them, or is named twice.
 */
export function countFlagged(flagged: ArrayLike<number>, poisoned: Uint8Array): FlaggedFigures {
  const isFlagged = new Uint8Array(poisoned.length);
  for (let i = 0; i < flagged.length; i++) {
    const row = flagged[i]!;
    if (isFlagged[row] !== 0) {
      throw new RangeError(
        `Cannot count flagged rows: each must be one of ${poisoned.length} and named once, got ${row}`,
      );
    }
    isFlagged[row] = 1;
  }
  let [all, hit] = [0, 0];
  poisoned.forEach((is, row) => {
    all += is;
    hit += is * isFlagged[row]!;
  });
  const others = poisoned.length - all;
  return {
    flagged: flagged.length,
    poisoned: all,
    recall: all > 0 ? hit / all : null,
    falsePositiveRate: others > 0 ? (flagged.length - hit) / others : null,
  };
}
