/**
 * Where the classes lie in a hidden layer, and how they spread there.
 *
 * @module
 */

/** Features with the class of each. */
export interface LabelledFeatures {
  /** `(N, width)`, row-major. */
  readonly features: Float32Array;
  /** `(N)`. */
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** Where classes lie. */
export interface ClassMeans {
  /** `(classes, width)`, row-major; zero for a class that has no features. */
  readonly means: Float64Array;
  /** Number of features of each class. */
  readonly counts: Uint32Array;
  readonly width: number;
}

/** The mean of each class. */
export function classMeans({ features, labels, classes }: LabelledFeatures): ClassMeans {
  const width = features.length / labels.length;
  const means = new Float64Array(classes * width);
  const counts = new Uint32Array(classes);
  labels.forEach((label, row) => {
    counts[label]!++;
    for (let k = 0; k < width; k++) means[label * width + k]! += features[row * width + k]!;
  });
  for (let i = 0; i < means.length; i++) means[i]! /= counts[Math.floor(i / width)]! || 1;
  return { means, counts, width };
}

/**
 * The covariance that all classes share: that of features about the mean of their class.
 *
 * @param shrinkage 0–1: how much of it is put in place by a multiple of the identity of the same
 * trace, so that fewer features than dimensions are enough.
 * @returns `(width, width)`, row-major, symmetric.
 * @throws {RangeError} If there are no more features than classes.
 */
export function withinClassCovariance(
  { features, labels }: LabelledFeatures,
  { means, counts, width }: ClassMeans,
  { shrinkage }: { shrinkage: number },
): Float64Array {
  const freedom = labels.length - counts.filter((count) => count > 0).length;
  if (freedom < 1) {
    throw new RangeError(
      "Cannot estimate a covariance: there must be more features than classes, got " +
        `${labels.length} features; give more images`,
    );
  }
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  labels.forEach((label, row) => {
    for (let k = 0; k < width; k++) {
      centred[k] = features[row * width + k]! - means[label * width + k]!;
    }
    for (let i = 0; i < width; i++) {
      const value = centred[i]!;
      // Behind ReLU, many are zero in all features of a class.
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) covariance[i * width + j]! += value * centred[j]!;
    }
  });
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * width + i]!;
  const ground = shrinkage * trace / width / freedom;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (1 - shrinkage) * covariance[i * width + j]! / freedom + (i === j ? ground : 0);
      covariance[i * width + j] = covariance[j * width + i] = value;
    }
  }
  return covariance;
}
