/**
 * Reading the cells of an experiment.
 *
 * @module
 */

import { spreadOf } from "./statistics.ts";
import type { CellResult, ExperimentResults } from "./results.ts";

/** The cells of a group, in their order. */
export function cellsOf({ cells }: ExperimentResults, group: string): readonly CellResult[] {
  return cells.filter((cell) => cell.group === group);
}

/** One figure of each cell that has it. */
export function figuresOf(
  cells: readonly CellResult[],
  figure: (cell: CellResult) => number | null | undefined,
): number[] {
  return cells.flatMap((cell) => figure(cell) ?? []);
}

/** Share of test images that are read wrongly. */
export function cleanError({ figures }: CellResult): number {
  return 1 - figures.clean.cleanAccuracy;
}

/** Share of triggered test images that are not read as their target; `null` for a clean model. */
export function backdoorError({ figures }: CellResult): number | null {
  return figures.attack === null ? null : 1 - figures.attack.attackSuccessRate;
}

/** The mean clean error of some cells; `null` where there are none. */
export function meanCleanError(cells: readonly CellResult[]): number | null {
  return spreadOf(cells.map(cleanError))?.mean ?? null;
}

/**
 * The command line that measures some cells.
 *
 * @param group Of theirs, or the beginning of their ids: in ids, hyphens stand for spaces.
 */
export function commandFor({ experiment, quick }: ExperimentResults, group: string): string {
  const only = group.replaceAll(" ", "-");
  return `deno task reproduce ${experiment}${quick ? " --quick" : ""} --only ${only}`;
}
