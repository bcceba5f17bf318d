/**
 * Figures of several models in one.
 *
 * @module
 */

import { formatCountOf, formatPercent } from "../core/format.ts";

/** Mean and extremes of some figures. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** The spread of some figures; `null` if there are no figures. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    least: Math.min(...values),
    most: Math.max(...values),
    count: values.length,
  };
}

/** What a mean over seeds is the mean of, as a note beside it: fractions. */
export function describeSeeds(spread: Spread | null): string {
  if (spread === null) return "";
  const { count, least, most } = spread;
  if (count === 1) return "one seed";
  const [from, to] = [least, most].map(formatPercent);
  return from === to
    ? `each of ${formatCountOf(count, "seed")}`
    : `mean of ${formatCountOf(count, "seed")}, ${from} to ${to}`;
}
