/**
 * Spectral signatures (Tran, Li, Mądry, "Spectral Signatures in Backdoor Attacks", NeurIPS 2018): in
 * the hidden layer, poisoned rows of a class lie along the direction of its largest variance.
 *
 * @module
 */

import { defineRowDefence } from "./define_row_defence.ts";
import { hiddenRows } from "./hidden_rows.ts";
import { principalComponents, project } from "./principal_components.ts";
import { rowsOfClasses, selectRows } from "./rows.ts";

/** Which of two scores. */
export type SpectralVariant = "paper" | "art";

/**
 * Scores the features of one class by the first direction v in which they vary about their mean.
 *
 * @param features `(N, width)`, row-major.
 * @param options `variant`: the paper's ((r − mean)·v)² (algorithm 1); or |r·v|, from zero and not from
 * the mean, which is what ART's `SpectralSignatureDefense.spectral_signature_scores` has.
 * @returns A score a row, `(N)`, and how many times the variance along the first direction is that along
 * the second; 0 if there is none.
 */
export function spectralScores(
  features: Float32Array,
  { width, variant = "paper" }: { readonly width: number; readonly variant?: SpectralVariant },
): { scores: Float32Array; ratio: number } {
  const { mean, variances, directions } = principalComponents(features, { width });
  const zero = variant === "art" ? new Float64Array(width) : mean;
  const along = project(features, { mean: zero, directions }, 1);
  const [first = 0, second = 0] = variances;
  return {
    scores: along.map((value) => variant === "paper" ? value ** 2 : Math.abs(value)),
    ratio: first > 0 ? first / Math.max(second, first * Number.EPSILON) : 0,
  };
}

/**
 * The score from which on ART removes a row: the quantile of 1 − multiplier·share, at least 0, of the
 * scores of a class, between two of them in proportion.
 *
 * @param scores `(N)`, N at least 1.
 * @param options `share`: the share of the class that is taken to be poisoned; ART's default is .33.
 * `multiplier`: how many times as many rows are removed; 1.5 in paper and ART.
 */
export function removalCutoff(
  scores: Float32Array,
  { share, multiplier = 1.5 }: { readonly share: number; readonly multiplier?: number },
): number {
  const sorted = scores.toSorted();
  const place = Math.max(0, 1 - multiplier * share) * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}

/** The paper's scores, and for a class the ratio of its first to its second variance. */
export const spectralSignatures = defineRowDefence({
  name: "spectral-signatures",
  title: "Spectral signatures",
  summary: "Looks how far a row lies along the direction in which its class varies most.",
  needs: ["model", "activations"],
  forwards: ({ rows }) => rows.shape[0],
  async score(subject, listeners) {
    const { rows: { shape: [count], labels }, classes } = subject;
    const groups = rowsOfClasses(labels, classes);
    const features = await hiddenRows(subject, listeners);
    const width = features.length / count;
    const scores = new Float32Array(count);
    const statistics = new Float32Array(classes);
    for (const [label, group] of groups.entries()) {
      if (group.length === 0) continue;
      listeners.signal?.throwIfAborted();
      const found = spectralScores(selectRows(features, group, width), { width });
      group.forEach((row, i) => scores[row] = found.scores[i]!);
      statistics[label] = found.ratio;
    }
    return { scores, statistics, cost: { forwards: count, backwards: 0 } };
  },
});
