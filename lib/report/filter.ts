/**
 * The report on the clean-label paper's motivation: what a data filter finds of which attack.
 *
 * @module
 */

import { formatCount, formatPercent, formatShare } from "../core/format.ts";
import { cellsOf, measuredBy } from "./cells.ts";
import { DATASETS, PAPER, STRATEGIES } from "./clean_label.ts";
import { type CurvePoint, curves } from "./plots.ts";
import { compareStatement, type Comparison, type Section } from "./report.ts";
import type { ExperimentResults, FilterResult } from "./results.ts";
import { setupOf } from "./setup.ts";

/** Images of the paper's clean part: verdicts are on the filter that learns from as many. */
const CLEAN_IMAGES = 1024;

/**
 * Most, and few: what the filter is to find of BadNets' images, and of clean-label's, among three
 * times as many. The paper gives no bounds; these are ours.
 */
const MOST = 0.5;
const FEW = 0.2;

/** An attack that filters are shown: what a result calls it, what people do, what it does to labels. */
interface Shown {
  readonly attack: string;
  readonly label: string;
  readonly isCleanLabel: boolean;
}

const BADNETS: Shown = { attack: "badnets", label: "BadNets", isCleanLabel: false };

const SHOWN: readonly Shown[] = [
  BADNETS,
  ...Object.entries(STRATEGIES).map(([strategy, label]) => ({
    attack: `clean-label ${strategy}`,
    label,
    isCleanLabel: true,
  })),
];

/** What one filter finds of one attack. */
interface Finding extends FilterResult {
  readonly label: string;
  /** Images of the clean part that the filter learnt from. */
  readonly cleanImages: number;
  /** The filter's own. */
  readonly cleanAccuracy: number;
}

/** The paper's claims beside what was found. */
export function filterComparisons(results: ExperimentResults): Comparison[] {
  return Object.keys(DATASETS).flatMap((dataset) =>
    SHOWN.map((shown) => filterComparison(results, { dataset, shown }))
  );
}

function filterComparison(
  results: ExperimentResults,
  { dataset, shown }: { dataset: string; shown: Shown },
): Comparison {
  const { label, isCleanLabel } = shown;
  const name = DATASETS[dataset];
  const findings = findingsOf(results, dataset, shown);
  const finding = findings.find(({ cleanImages }) => cleanImages === CLEAN_IMAGES);
  const share = finding === undefined ? null : widest(finding).share;
  return compareStatement(
    `data filter on ${name}: poisoned images found, ${isCleanLabel ? "clean-label " : ""}${label}`,
    {
      paper: isCleanLabel ? "few" : "most",
      ours: formatPercent(share),
      holds: share === null ? null : isCleanLabel ? share < FEW : share > MOST,
      source: `${PAPER}, motivation, without bounds`,
      rule: isCleanLabel
        ? `reproduced if fewer than ${formatShare(FEW)} are found`
        : `reproduced if more than ${formatShare(MOST)} are found`,
      note: finding === undefined ? "" : describe(finding, findings),
      by: measuredBy(results, `filter ${dataset}`),
    },
  );
}

function describe(finding: Finding, findings: readonly Finding[]): string {
  const { poisoned, trainImages, cleanImages, cleanAccuracy } = finding;
  const { found, top, foundByChance } = widest(finding);
  const others = findings.filter((other) => other !== finding).map((other) =>
    `${widest(other).found} of ${poisoned} by one of ${formatCount(other.cleanImages)}`
  );
  return [
    `${found} of ${poisoned} among the first ${top} of ${formatCount(trainImages)} images; by ` +
    `chance ${foundByChance.toFixed(1)}; by a filter trained on ${
      formatCount(cleanImages)
    } clean ` +
    `images, whose clean accuracy is ${formatPercent(cleanAccuracy)}`,
    ...others,
  ].join("; ");
}

/** What a person finds in the longest part of the ranking that was measured. */
function widest({ found }: FilterResult) {
  return found.at(-1)!;
}

/** What each filter of a data set finds of an attack, the one of the fewest images first. */
function findingsOf(
  results: ExperimentResults,
  dataset: string,
  { attack, label }: Shown,
): Finding[] {
  return cellsOf(results, `filter ${dataset}`).flatMap(({ figures }) =>
    (figures.filter ?? []).filter((result) => result.attack === attack).map((result) => ({
      ...result,
      label,
      cleanImages: figures.trainImages,
      cleanAccuracy: figures.clean.cleanAccuracy,
    }))
  );
}

/** What is found, by the size of the clean part, for each data set. */
export function filterSections(results: ExperimentResults): Section[] {
  return Object.entries(DATASETS).flatMap(([dataset, name]) => {
    const findings = SHOWN.flatMap((shown) => findingsOf(results, dataset, shown));
    if (findings.length === 0) return [];
    return filterSection(findings, {
      ...{ dataset, name },
      setup: setupOf(cellsOf(results, `filter ${dataset}`)),
    });
  });
}

function filterSection(
  findings: readonly Finding[],
  { dataset, name, setup }: { dataset: string; name: string; setup: readonly string[] },
): Section {
  const points = findings.map((finding): CurvePoint => ({
    series: finding.label,
    x: finding.cleanImages,
    y: widest(finding).share ?? 0,
  }));
  const caption = `Share of the poisoned images that a data filter finds on ${name}, among three ` +
    "times as many that are looked at, against the clean images that it has learnt from.";
  return {
    title: `Why labels matter: a data filter, ${name}`,
    text:
      "The same network, trained on a few clean images, ranks the training set by its loss, and a " +
      "person looks at the first images. Mislabelled images stand out; clean-label's need not, " +
      "unless they are changed so much that a good filter takes them for another class.",
    setup: setup.map((line) => `the filter: ${line}`),
    figures: [{
      name: `${dataset}-filter`,
      caption,
      isWide: true,
      drawing: curves({
        x: "clean part",
        unit: "images",
        y: "poisoned images found",
        title: caption,
        points,
        // Strategies in the colours of Figure 3.
        series: [...Object.values(STRATEGIES), BADNETS.label],
        isWhole: true,
      }),
    }],
    tables: [{
      caption: "Poisoned images among the first of the ranking.",
      head: ["attack", "clean part", "filter's accuracy", "looked at", "found", "by chance"],
      rows: findings.flatMap(({ label, poisoned, cleanImages, cleanAccuracy, found }) =>
        found.map(({ top, found, foundByChance }) => [
          ...[label, formatCount(cleanImages), formatPercent(cleanAccuracy), formatCount(top)],
          ...[`${found} of ${poisoned}`, foundByChance.toFixed(1)],
        ])
      ),
    }],
  };
}
