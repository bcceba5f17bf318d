/**
 * What `bench:scale` measures: one size after the other changed, the others as usual.
 *
 * @module
 */

import { formatCount } from "../../lib/core/format.ts";
import type { Samples } from "./interleave.ts";
import { formatSummary, type Section } from "./report.ts";
import type { ReportTable } from "../../lib/report/markdown.ts";

/** Sizes of a training run. */
export interface Point {
  readonly images: number;
  readonly workers: number;
  readonly batchSize: number;
}

/** A size and the values that it is given. */
export interface Sweep {
  readonly size: keyof Point;
  readonly values: readonly number[];
}

/** The points of all sweeps, each once, in order. */
export function pointsOf(usual: Point, sweeps: readonly Sweep[]): Point[] {
  const points = new Map<string, Point>();
  for (const { size, values } of sweeps) {
    for (const value of values) {
      const point = { ...usual, [size]: value };
      points.set(variantName(point, false), point);
    }
  }
  return [...points.values()];
}

/** The name of a point's variant. */
export function variantName({ images, workers, batchSize }: Point, turbo: boolean): string {
  return `${images} images, workers ${workers}, batch ${batchSize}${turbo ? ", turbo" : ""}`;
}

/** A table for each sweep. */
export function scaleSection(
  network: string,
  samples: Samples,
  { usual, sweeps }: { usual: Point; sweeps: readonly Sweep[] },
): Section {
  const titles = { images: "images in an epoch", workers: "workers", batchSize: "batch" } as const;
  const tables = sweeps.map(({ size, values }): ReportTable => ({
    title: `${network}: training by ${titles[size]}, images a second`,
    head: [titles[size], "default flags", "min…max", "turbo", "min…max"],
    alignments: ">>>>>",
    rows: values.map((value) => [
      formatCount(value),
      ...[false, true].flatMap((turbo) =>
        formatSummary(
          samples.summary(variantName({ ...usual, [size]: value }, turbo), "training"),
        )
      ),
    ]),
    notes: [
      `Otherwise ${formatCount(usual.images)} images, ${usual.workers} workers, ` +
      `batch ${usual.batchSize}.`,
    ],
  }));
  return { name: `bench:scale ${network}`, tables, results: samples.toJson() };
}
