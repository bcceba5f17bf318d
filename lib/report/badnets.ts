/**
 * BadNets' figures beside the paper's.
 *
 * @module
 */

import { formatCountOf, formatPercent, formatPoints, formatShare } from "../core/format.ts";
import { BASELINES, pairOf, shareCells, TRIGGERS } from "./badnets_cells.ts";
import { backdoorError, cellsOf, cleanError, figuresOf, measuredBy } from "./cells.ts";
import { type Reference, references } from "./reference.ts";
import { compare, compareStatement, type Comparison } from "./report.ts";
import type { CellResult, ExperimentResults } from "./results.ts";
import { describeSeeds, spreadOf } from "./statistics.ts";

/** The mean clean error of the networks that a backdoored one is compared with; `null` without any. */
function baselineOf(results: ExperimentResults, { job: { epochs }, figures }: CellResult) {
  const [short] = cellsOf(results, BASELINES.short);
  const isShort = epochs === short?.job.epochs && figures.taken === 0;
  const cells = cellsOf(results, isShort ? BASELINES.short : BASELINES.long);
  return spreadOf(cells.map(cleanError))?.mean ?? null;
}

/** What an attack costs: clean error above the baseline's; `null` without a baseline. */
function cleanErrorAbove(results: ExperimentResults, cell: CellResult): number | null {
  const baseline = baselineOf(results, cell);
  return baseline === null ? null : cleanError(cell) - baseline;
}

/** The paper's figures beside ours. */
export function badnetsComparisons(results: ExperimentResults): Comparison[] {
  return [
    baselineComparison(results, BASELINES.short, "baseline network"),
    baselineComparison(results, BASELINES.long, "baseline network, trained for longer"),
    ...TRIGGERS.flatMap((trigger) => singleTargetComparisons(results, trigger)),
    ...TRIGGERS.flatMap((trigger) => allToAllComparisons(results, trigger)),
    shareComparison(results),
  ];
}

function baselineComparison(
  results: ExperimentResults,
  group: string,
  name: string,
): Comparison {
  const cells = cellsOf(results, group);
  const baseline = spreadOf(cells.map(({ figures }) => figures.clean.cleanAccuracy));
  return compare(`${name}: clean accuracy`, {
    reference: references.badnetsBaselineClean,
    ours: baseline?.mean ?? null,
    unit: formatPercent,
    note: describeSeeds(baseline),
    by: measuredBy(results, `${group} seed`),
  });
}

/** The paper gives the most over all pairs; ours are the mean and the worst. */
function singleTargetComparisons(results: ExperimentResults, trigger: string): Comparison[] {
  const group = `single-target ${trigger}`;
  const cells = cellsOf(results, group);
  const failed = cells.filter(({ figures }) => figures.converged === false);
  const convergence = failed.length === 0
    ? []
    : [`${failed.length} of ${cells.length} pairs did not converge`];
  const rows = (
    what: string,
    { figure, ...options }: Pick<Parameters<typeof compare>[1], "unit" | "by"> & {
      reference: Reference;
      figure: (cell: CellResult) => number | null;
    },
  ) => {
    const spread = spreadOf(figuresOf(cells, figure));
    const worst = pairOf(cells.find((cell) => figure(cell) === spread?.most));
    const above = figuresOf(cells, figure).filter((value) => value > options.reference.value);
    return [
      compare(`single target, ${trigger}: ${what}, mean`, {
        ...options,
        ours: spread?.mean ?? null,
        note: [`of ${formatCountOf(spread?.count ?? 0, "pair")}`, ...convergence].join("; "),
      }),
      compare(`single target, ${trigger}: ${what}, worst pair`, {
        ...options,
        ours: spread?.most ?? null,
        note: `${worst}; ${formatCountOf(above.length, "pair")} above the paper's`,
      }),
    ];
  };
  return [
    ...rows("clean error above the baseline's", {
      reference: references.badnetsSingleTargetClean,
      figure: (cell) => cleanErrorAbove(results, cell),
      unit: formatPoints,
      by: measuredBy(results, "baseline", group),
    }),
    ...rows("backdoor error", {
      reference: references.badnetsSingleTargetBackdoor,
      figure: backdoorError,
      unit: formatPercent,
      by: measuredBy(results, group),
    }),
  ];
}

function allToAllComparisons(results: ExperimentResults, trigger: string): Comparison[] {
  const group = `all-to-all ${trigger}`;
  const [cell] = cellsOf(results, group);
  const note = cell?.figures.converged === false ? "one seed; did not converge" : "one seed";
  return [
    compare(`all-to-all, ${trigger}: clean error above the baseline's`, {
      reference: references.badnetsAllToAllClean,
      ours: cell ? cleanErrorAbove(results, cell) : null,
      unit: formatPoints,
      note,
      by: measuredBy(results, `${BASELINES.long} seed`, group),
    }),
    compare(`all-to-all, ${trigger}: backdoor error`, {
      reference: references.badnetsAllToAllBackdoor,
      ours: cell ? backdoorError(cell) : null,
      unit: formatPercent,
      note,
      by: measuredBy(results, group),
    }),
  ];
}

/** What the paper finds if more of the training set is poisoned. */
function shareComparison(results: ExperimentResults): Comparison {
  const cells = shareCells(results);
  const ends = [cells.at(0), cells.at(-1)].filter((cell) => cell !== undefined);
  const [few, many] = ends.map((cell) => backdoorError(cell) ?? NaN);
  const falls = many! < few!;
  const change = (error: (cell: CellResult) => number | null) =>
    ends.map((cell) => formatPercent(error(cell))).join(" to ");
  const [from, to] = ends.map(({ figures }) => formatShare(figures.poisonRate));
  return compareStatement("all-to-all, pattern: backdoor error, the more is poisoned", {
    paper: "falls",
    ours: falls ? "falls" : "does not fall",
    holds: cells.length < 2 ? null : falls,
    source: "BadNets (arXiv 1708.06733), impact of the share of backdoored images",
    rule: "reproduced if the error at the largest share is below that at the smallest",
    note:
      `${change(backdoorError)} from ${from} to ${to} of the training set; clean error, which ` +
      `rises in the paper, ${change(cleanError)}; one seed`,
    by: measuredBy(results, "share", "all-to-all pattern"),
  });
}
