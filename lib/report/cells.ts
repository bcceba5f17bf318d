/**
 * Reading the cells of an experiment.
 *
 * @module
 */

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

/** Share of test images that are misclassified. */
export function cleanError({ figures }: CellResult): number {
  return 1 - figures.clean.cleanAccuracy;
}

/** Share of triggered test images that are not classified as their target; `null` for a clean model. */
export function backdoorError({ figures }: CellResult): number | null {
  return figures.attack === null ? null : 1 - figures.attack.attackSuccessRate;
}

/** What cells a figure is of. */
export interface MeasuredBy {
  /** The command line that trains them. */
  readonly command: string;
  /** Whether the experiment has such cells, trained or not: a quick run leaves some out. */
  readonly isPlanned: boolean;
  /** Whether all of them are there. */
  readonly isComplete: boolean;
}

/**
 * What cells a figure is of.
 *
 * @param groups Theirs, or the beginnings of their ids, in which hyphens stand for spaces.
 */
export function measuredBy(
  { experiment, quick, grid, cells, missing }: ExperimentResults,
  ...groups: readonly string[]
): MeasuredBy {
  const beginnings = groups.map((group) => group.replaceAll(" ", "-"));
  const flags = [
    ...quick ? ["--quick"] : [],
    ...Object.entries(grid ?? {}).flatMap(([flag, values]) => [`--${flag}`, values.join(",")]),
    ...["--only", beginnings.join(",")],
  ];
  const ids = [...cells.map(({ id }) => id), ...missing];
  return {
    isPlanned: beginnings.every((beginning) => ids.some((id) => id.startsWith(beginning))),
    command: `deno task reproduce ${experiment} ${flags.join(" ")}`,
    isComplete: !missing.some((id) => beginnings.some((beginning) => id.startsWith(beginning))),
  };
}
