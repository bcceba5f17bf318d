/**
 * The ladder of recipes.
 *
 * @module
 */

/** How a climb ended. */
export interface Climb<T> {
  /** What each attempt came to, in order. */
  readonly attempts: readonly T[];
  /** Index of the attempt that is taken. */
  readonly taken: number;
  /** Whether that one is good enough. */
  readonly converged: boolean;
}

/**
 * Makes attempts one after the other until one is good enough; if no attempt is, takes the best.
 *
 * @param count Number of attempts there are, from 1.
 * @param options.attempt Makes the attempt of an index.
 * @param options.score How good an attempt is; of equal ones the first is taken.
 * @param options.enough The least score that is good enough.
 * @param options.drop Called with each attempt that is not taken, as soon as that is known.
 */
export async function climb<T>(
  count: number,
  { attempt, score, enough, drop }: {
    attempt: (index: number) => Promise<T>;
    score: (attempt: T) => number;
    enough: number;
    drop: (attempt: T) => void;
  },
): Promise<Climb<T>> {
  const attempts: T[] = [];
  let taken = 0;
  for (let index = 0; index < count; index++) {
    const made = await attempt(index);
    attempts.push(made);
    if (index > 0) {
      const isBetter = score(made) > score(attempts[taken]!);
      drop(isBetter ? attempts[taken]! : made);
      if (isBetter) taken = index;
    }
    if (score(made) >= enough) break;
  }
  return { attempts, taken, converged: score(attempts[taken]!) >= enough };
}
