/**
 * A model's figures in words.
 *
 * @module
 */

import { formatPercent } from "../../lib/core/format.ts";
import type { ModelMetrics } from "../../lib/registry/mod.ts";

/** Figures in words: `"clean accuracy 98.94 %, attack success 100.00 %"`. */
export function describeMetrics({ cleanAccuracy, attackSuccessRate }: ModelMetrics): string {
  const clean = `clean accuracy ${formatPercent(cleanAccuracy)}`;
  if (attackSuccessRate === null) return clean;
  return `${clean}, attack success ${formatPercent(attackSuccessRate)}`;
}
