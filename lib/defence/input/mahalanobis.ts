/**
 * The Mahalanobis distance of an image to its class, in the last hidden layer (Lee et al., "A Simple
 * Unified Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks", NeurIPS 2018;
 * there to the nearest class, here to the one that the model names): a trigger moves the answer, and
 * seldom all of what leads to it.
 *
 * @module
 */

import { choleskyFactor, solveLower } from "../../core/cholesky.ts";
import { predictedLabels } from "../../core/predicted_labels.ts";
import { classMeans, withinClassCovariance } from "./class_statistics.ts";
import { defineInputDefence } from "./define_input_defence.ts";
import { floatsOf } from "./profile.ts";

/** Of the covariance, which a few hundred images do not fill. */
const SHRINKAGE = 0.2;

/**
 * The distance to the mean of the class that the model names, in units of the covariance that all
 * classes share.
 */
export const mahalanobis = defineInputDefence({
  name: "mahalanobis",
  title: "Mahalanobis distance",
  summary: "Looks how far an image is from its class in the last hidden layer.",
  needs: ["activations"],
  isNullModel: false,
  forwards: 2,
  goesByAnswer: true,
  calibrationForwards: (images) => 2 * images,
  async calibrate(model, clean) {
    const { classes } = model;
    const features = await model.activations(clean);
    const labels = predictedLabels(await model.classify(clean), classes);
    const statistics = classMeans({ features, labels, classes });
    const empty = statistics.counts.indexOf(0);
    if (empty >= 0) {
      throw new RangeError(
        "Cannot calibrate Mahalanobis distance: the model must take clean images for each class, " +
          `got none for class ${empty} of ${labels.length} images; give more, of all classes`,
      );
    }
    const { means, width } = statistics;
    const covariance = withinClassCovariance(
      { features, labels, classes },
      statistics,
      { shrinkage: SHRINKAGE },
    );
    const factor = choleskyFactor(covariance, width);
    return { arrays: { means: Float32Array.from(means), factor: packed(factor, width) } };
  },
  async score(model, images, profile, answers) {
    const { classes } = model;
    const features = await model.activations(images);
    const labels = predictedLabels(answers, classes);
    const width = features.length / labels.length;
    const means = floatsOf(profile, "means", classes * width);
    const factor = unpacked(floatsOf(profile, "factor", width * (width + 1) / 2), width);
    const centred = new Float64Array(width);
    return Float32Array.from(labels, (label, row) => {
      for (let k = 0; k < width; k++) {
        centred[k] = features[row * width + k]! - means[label * width + k]!;
      }
      const whitened = solveLower(factor, centred);
      return Math.sqrt(whitened.reduce((sum, value) => sum + value * value, 0));
    });
  },
});

/** The lower triangle of a square, row by row. */
function packed(square: Float64Array, size: number): Float32Array {
  const triangle = new Float32Array(size * (size + 1) / 2);
  for (let row = 0, at = 0; row < size; at += ++row) {
    triangle.set(square.subarray(row * size, row * size + row + 1), at);
  }
  return triangle;
}

/** The square of a lower triangle. */
function unpacked(triangle: Float32Array, size: number): Float64Array {
  const square = new Float64Array(size * size);
  for (let row = 0, at = 0; row < size; at += ++row) {
    square.set(triangle.subarray(at, at + row + 1), row * size);
  }
  return square;
}
