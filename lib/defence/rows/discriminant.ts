/**
 * The discriminant direction between the rows of a class and clean images of it (Fisher's linear
 * discriminant, 1936): what activation clustering and spectral signatures look for without a clean
 * reference, and do not find if half of a class is poisoned.
 *
 * @module
 */

import { choleskyFactor, solve } from "../../core/cholesky.ts";
import { classMeans, withinClassCovariance } from "../input/class_statistics.ts";
import { defineRowDefence } from "./define_row_defence.ts";
import { hiddenRows } from "./hidden_rows.ts";
import { rowsOfClasses } from "./rows.ts";

/** Of the covariance, which a few hundred images do not fill. */
const SHRINKAGE = 0.2;

/**
 * For each class, the direction w = S⁻¹·(mean of its rows − mean of its clean images), S the covariance
 * that all classes share in the reference. A row's score is where it lies along w, from the clean mean on,
 * in standard deviations; a class's statistic is the squared Mahalanobis distance of both means.
 */
export const discriminant = defineRowDefence({
  name: "discriminant",
  title: "Discriminant direction",
  summary: "Looks in which direction the rows of a class differ from clean images of it.",
  needs: ["model", "activations", "reference"],
  forwards: ({ rows, reference }) => rows.shape[0] + (reference?.labels.length ?? 0),
  async score(subject, { signal, onProgress }) {
    const { rows, classes, model } = subject;
    const reference = subject.reference!;
    const groups = rowsOfClasses(rows.labels, classes);
    const [count, clean] = [rows.shape[0], reference.labels.length];
    const known = {
      features: await model!.activations!(reference.images),
      labels: reference.labels,
      classes,
    };
    const statistics = classMeans(known);
    groups.forEach(({ length }, label) => {
      if (length === 0 || statistics.counts[label]! > 0) return;
      throw new RangeError(
        "Cannot score rows by discriminant direction: there must be clean images of each class, got " +
          `none of class ${label} among ${clean}; give more, of all classes`,
      );
    });
    const { width, means } = statistics;
    const factor = choleskyFactor(
      withinClassCovariance(known, statistics, { shrinkage: SHRINKAGE }),
      width,
    );
    const features = await hiddenRows(subject, { signal, onProgress });
    const suspicious = classMeans({ features, labels: rows.labels, classes }).means;
    const scores = new Float32Array(count);
    const distances = new Float32Array(classes);
    for (const [label, group] of groups.entries()) {
      const mean = means.subarray(label * width, (label + 1) * width);
      const apart = mean.map((value, k) => suspicious[label * width + k]! - value);
      const direction = solve(factor, apart.slice());
      const distance = direction.reduce((sum, value, k) => sum + value * apart[k]!, 0);
      distances[label] = group.length > 0 ? distance : 0;
      const length = Math.sqrt(distance) || 1;
      for (const row of group) {
        let along = 0;
        for (let k = 0; k < width; k++) {
          along += (features[row * width + k]! - mean[k]!) * direction[k]!;
        }
        scores[row] = along / length;
      }
    }
    return { scores, statistics: distances, cost: { forwards: count + clean, backwards: 0 } };
  },
});
