/**
 * The cells of BadNets' experiments, as both halves of their report read them.
 *
 * @module
 */

import { cellsOf } from "./cells.ts";
import type { CellResult, ExperimentResults } from "./results.ts";

/** The paper's triggers. */
export const TRIGGERS = ["pattern", "pixel"];

/**
 * Groups of clean networks. A backdoored network is compared with those that were trained for as
 * long: the long ones for a single pixel and for all-to-all, which take longer than the pattern for
 * one source class, and for pairs that the short recipe did not learn.
 */
export const BASELINES = { short: "baseline", long: "baseline long" } as const;

/** All-to-all by the pattern at rising shares; the last one stands for itself as well. */
export function shareCells(results: ExperimentResults): CellResult[] {
  return [...cellsOf(results, "share"), ...cellsOf(results, "all-to-all pattern")];
}

/** A pair of classes, as people write it. */
export function pairOf(cell: CellResult | undefined): string {
  return `${cell?.figures.source} → ${cell?.figures.target}`;
}
