/**
 * The tables of `bench:train`.
 *
 * @module
 */

import type { Samples } from "./interleave.ts";
import { formatRatio, formatSummary, type Section } from "./report.ts";
import type { ReportTable } from "../../lib/report/markdown.ts";
import type { Summary } from "./statistics.ts";
import { names } from "./train_variants.ts";

/** A comparison of two variants by one figure. */
export interface Comparison {
  readonly what: string;
  readonly ratio: Summary;
}

/**
 * The comparisons that a run's variants allow.
 *
 * @param workers Numbers of workers that were measured.
 */
export function compare(samples: Samples, workers: readonly number[]): Comparison[] {
  const [fewest, most] = [Math.min(...workers), Math.max(...workers)];
  const trainingPeer = fasterPeer(samples, "training");
  const evaluationPeer = fasterPeer(samples, "evaluation");
  const pairs: readonly (readonly [figure: string, variant: string, other: string | null])[] = [
    ...[false, true].flatMap((turbo) => {
      const ours = names.ours(most, turbo);
      return [
        ["training", ours, trainingPeer],
        ["training", ours, fewest === most ? null : names.ours(fewest, turbo)],
        ["evaluation", ours, evaluationPeer],
        ["training", names.fit(turbo), names.pytorch],
      ] as const;
    }),
    ["training", names.ours(most, true), names.ours(most, false)],
  ];
  return pairs.flatMap(([figure, variant, other]) => {
    const ratio = other === null ? null : samples.ratio(figure, variant, other);
    return ratio === null ? [] : [{ what: `${figure}: ${variant} to ${other}`, ratio }];
  });
}

/** The peer with the higher median; `null` where none was measured. */
function fasterPeer(samples: Samples, figure: string): string | null {
  const speed = (peer: string) => samples.summary(peer, figure)?.median ?? 0;
  return [names.pytorch, names.keras]
    .filter((peer) => samples.variants.includes(peer))
    .toSorted((a, b) => speed(b) - speed(a))[0] ?? null;
}

/** The section of one network. */
export function trainSection(
  network: string,
  samples: Samples,
  { workers, notes }: { workers: readonly number[]; notes: readonly string[] },
): Section {
  const comparisons = compare(samples, workers);
  const speeds: ReportTable = {
    title: `${network}: images a second`,
    head: ["", "training", "min…max", "evaluation", "min…max", "how"],
    alignments: "<>>>><",
    rows: samples.variants.map((variant) => [
      variant,
      ...formatSummary(samples.summary(variant, "training")),
      ...formatSummary(samples.summary(variant, "evaluation")),
      Object.entries(samples.answers(variant)[0]?.about ?? {})
        .map(([what, value]) => what === "version" ? value : `${what} ${value}`)
        .join(", "),
    ]),
    notes,
  };
  const ratios: ReportTable = {
    title: `${network}: ratios`,
    head: ["", "median (min…max)"],
    alignments: "<>",
    rows: comparisons.map(({ what, ratio }) => [what, formatRatio(ratio)]),
  };
  return {
    name: `bench:train ${network}`,
    tables: comparisons.length === 0 ? [speeds] : [speeds, ratios],
    results: { variants: samples.toJson(), comparisons },
  };
}
