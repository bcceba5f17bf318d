/**
 * Activation clustering (Chen et al., "Detecting Backdoor Attacks on Deep Neural Networks by Activation
 * Clustering", 2018): in the last hidden layer, the poisoned rows of a class stand apart from the others.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import { type ClusterReport, reportRelativeSize, reportSmaller } from "./cluster_reports.ts";
import { defineRowDefence } from "./define_row_defence.ts";
import { hiddenRows } from "./hidden_rows.ts";
import { type Clusters, kMeans, squaredDistance } from "./k_means.ts";
import { principalComponents, project } from "./principal_components.ts";
import { rowsOfClasses, selectRows } from "./rows.ts";

/** Directions that are kept. The paper takes as many independent components, which come out at random. */
const DIRECTIONS = 10;

/**
 * What clusters are looked for in: features along the first ten principal components.
 *
 * @param features Of one class, `(N, width)`, row-major.
 * @returns Row-major, `(N, 10)`; fewer columns if there are fewer rows or features.
 */
export function reduceFeatures(
  features: Float32Array,
  { width }: { readonly width: number },
): { points: Float32Array; width: number } {
  const kept = Math.min(DIRECTIONS, width, features.length / width);
  return { points: project(features, principalComponents(features, { width }), kept), width: kept };
}

/**
 * Two clusters a class. A row's score is how much farther the larger cluster's centre is than the
 * smaller's: above 0 in the smaller. A class's statistic is its simplified silhouette, −1 to 1: how much
 * nearer rows are to their own centre than to the other (Hruschka et al., 2004; the paper's silhouette
 * compares every pair of rows).
 */
export const activationClustering = defineRowDefence({
  name: "activation-clustering",
  title: "Activation clustering",
  summary:
    "Divides each class into two clusters in the last hidden layer: the smaller one is suspicious.",
  needs: ["model", "activations"],
  forwards: ({ rows }) => rows.shape[0],
  async score(subject, { seed, ...listeners }) {
    const { rows: { shape: [count], labels }, classes } = subject;
    const groups = rowsOfClasses(labels, classes);
    const hidden = await hiddenRows(subject, listeners);
    const scores = new Float32Array(count);
    const statistics = new Float32Array(classes);
    const reports: { smaller: ClusterReport[]; relativeSize: ClusterReport[] }[] = [];
    for (const [label, group] of groups.entries()) {
      listeners.signal?.throwIfAborted();
      if (group.length < 2) {
        reports.push({ smaller: [], relativeSize: [] });
        continue;
      }
      const { points, width } = reduceFeatures(
        selectRows(hidden, group, hidden.length / count),
        { width: hidden.length / count },
      );
      const random = createRandom(seed, `clusters ${label}`);
      const clusters = kMeans(points, { width, random });
      const smaller = reportSmaller(clusters.assignment);
      const suspicious = smaller.findIndex(({ isSuspicious }) => isSuspicious);
      const found = compare(points, clusters, { width, suspicious });
      group.forEach((row, i) => scores[row] = found.scores[i]!);
      statistics[label] = found.silhouette;
      reports.push({ smaller, relativeSize: reportRelativeSize(clusters.assignment) });
    }
    const details = reports.map(({ smaller, relativeSize }) => ({
      smaller: smaller.map((report) => ({ ...report })),
      relativeSize: relativeSize.map((report) => ({ ...report })),
    }));
    return { scores, statistics, cost: { forwards: count, backwards: 0 }, details };
  },
});

/** Where points stand between two centres. */
function compare(
  points: Float32Array,
  { assignment, centres }: Clusters,
  { width, suspicious }: { readonly width: number; readonly suspicious: number },
): { scores: Float32Array; silhouette: number } {
  let silhouettes = 0;
  const scores = Float32Array.from(assignment, (own, point) => {
    const [mine, other] = [own, 1 - own].map((centre) =>
      Math.sqrt(squaredDistance(points, point, { centres, centre, width }))
    ) as [number, number];
    if (other > 0) silhouettes += (other - mine) / other;
    return own === suspicious ? other - mine : mine - other;
  });
  return { scores, silhouette: silhouettes / assignment.length };
}
