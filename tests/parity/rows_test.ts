/** Defences of training sets against those of the Adversarial Robustness Toolbox. */

import assert from "node:assert/strict";
import {
  type ClusterReport,
  reduceFeatures,
  removalCutoff,
  reportRelativeSize,
  reportSmaller,
  spectralScores,
} from "../../lib/defence/mod.ts";
import { readCases, type StoredArray } from "./vectors.ts";

interface SpectralCase {
  readonly features: StoredArray;
  readonly labels: readonly number[];
  readonly share: number;
  readonly scores: StoredArray;
  readonly isPoison: readonly number[];
}

interface ReductionCase {
  readonly features: StoredArray;
  readonly reduced: StoredArray;
}

interface ReportCase {
  readonly clusters: readonly (readonly number[])[];
  readonly smaller: readonly (readonly ClusterReport[])[];
  /** `null` if no cluster of a class is suspicious: ART fails then. */
  readonly relativeSize: readonly (readonly ClusterReport[])[] | null;
}

/** Within float32's rounding. */
function assertClose(actual: number, expected: number, what: string): void {
  const isClose = Math.abs(actual - expected) <= 1e-5 * (1 + Math.abs(expected));
  assert.ok(isClose, `${what}: ${actual}, ART has ${expected}`);
}

for (const each of await readCases<SpectralCase>("spectral")) {
  const { features: { shape: [count = 0, width = 0], data }, labels, share } = each;
  Deno.test(`ART's SpectralSignatureDefense: ${count} rows of ${width}, share ${share}`, () => {
    for (const label of new Set(labels)) {
      const rows = [...labels.keys()].filter((row) => labels[row] === label);
      const features = Float32Array.from(
        rows.flatMap((row) => data.slice(row * width, (row + 1) * width)),
      );
      const { scores } = spectralScores(features, { width, variant: "art" });
      rows.forEach((row, i) => assertClose(scores[i]!, each.scores.data[row]!, `row ${row}`));
      const cutoff = removalCutoff(scores, { share });
      rows.forEach((row, i) => assert.equal(+(scores[i]! >= cutoff), each.isPoison[row], `${row}`));
    }
  });
}

for (const { features, reduced } of await readCases<ReductionCase>("activation_pca")) {
  const [count = 0, width = 0] = features.shape;
  Deno.test(`ART's reduction of activations by PCA: ${count} rows of ${width}`, () => {
    const { points, width: kept } = reduceFeatures(Float32Array.from(features.data), { width });
    assert.deepEqual([count, kept], reduced.shape);
    for (let column = 0; column < kept; column++) {
      const of = (values: ArrayLike<number>) =>
        Array.from({ length: count }, (_, row) => values[row * kept + column]!);
      const [ours, theirs] = [of(points), of(reduced.data)];
      const sign = Math.sign(ours.reduce((sum, value, row) => sum + value * theirs[row]!, 0));
      ours.forEach((value, row) => assertClose(sign * value, theirs[row]!, `${row}, ${column}`));
    }
  });
}

for (const { clusters, smaller, relativeSize } of await readCases<ReportCase>("cluster_reports")) {
  const sizes = clusters.map(({ length }) => length).join(", ");
  Deno.test(`ART's reports on clusters: classes of ${sizes} rows`, () => {
    const assignments = clusters.map((of) => Uint8Array.from(of));
    assert.deepEqual(assignments.map((of) => reportSmaller(of)), smaller);
    if (relativeSize === null) return;
    assert.deepEqual(assignments.map((of) => reportRelativeSize(of)), relativeSize);
  });
}
