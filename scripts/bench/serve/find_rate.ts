/**
 * The search for the highest rate that a server holds.
 *
 * @module
 */

/** How to search. */
export interface FindRateOptions {
  /** Sends a rate for some seconds; answers whether it was held. */
  readonly isHeld: (rate: number, seconds: number) => Promise<boolean>;
  /** A guess, in requests a second, above 0. */
  readonly guess: number;
  /** Length of a short run, in seconds. */
  readonly trial: number;
  /** Length of the run that confirms a rate, in seconds. */
  readonly confirmation: number;
}

/** The highest rate that was held is known to this share of it. */
const PRECISION = 0.05;

/** After a confirmation that fails, the next is at this share of the rate. */
const STEP_BACK = 0.92;

/** Confirmations before the search gives up. */
const CONFIRMATIONS = 4;

/** Rates below this are none. */
const LOWEST = 1;

/** Rates that are tried at most. */
const TRIALS = 24;

/**
 * Searches by short runs, each repeated if it fails, then confirms by a long one, at a lower rate if it fails.
 *
 * @returns The rate that was confirmed, in requests a second; `null` if none was.
 */
export async function findRate(
  { isHeld, guess, trial, confirmation }: FindRateOptions,
): Promise<number | null> {
  let [held, failed] = [0, Infinity];
  let rate = Math.max(LOWEST, guess);
  for (let run = 0; run < TRIALS && isOpen(held, failed); run++) {
    // Twice, for a short run that fails may have met with something else.
    if (await isHeld(rate, trial) || await isHeld(rate, trial)) held = rate;
    else failed = rate;
    if (failed <= LOWEST) return null;
    if (failed === Infinity) rate *= 1.4;
    else if (held === 0) rate = Math.max(LOWEST, rate / 2);
    else rate = (held + failed) / 2;
  }
  if (held === 0) return null;
  for (let attempt = 0; attempt < CONFIRMATIONS; attempt++) {
    const candidate = held * STEP_BACK ** attempt;
    if (await isHeld(candidate, confirmation)) return candidate;
  }
  return null;
}

/** Whether the highest rate is still to be found between one that was held and one that was not. */
function isOpen(held: number, failed: number): boolean {
  return failed === Infinity || failed - held > PRECISION * failed;
}
