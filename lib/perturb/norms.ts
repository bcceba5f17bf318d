/**
 * The geometry of perturbations: for each norm the steepest step, the projection onto a ball, and a
 * random point within it. Semantics of ART 1.20 (`FastGradientMethod._compute_perturbation`,
 * `art.utils.projection` and `random_sphere`).
 *
 * @module
 */

import { normal, type Random } from "../core/random.ts";

/** How the size of a perturbation is measured: largest value, sum of values, or length. */
export type Norm = "inf" | 1 | 2;

/** All norms. */
export const norms: readonly Norm[] = ["inf", 1, 2];

/** What a norm makes of one image's values. */
export interface Ball {
  /**
   * Turns a gradient, in place, into the step of size 1 along which it rises most; 0 stays 0. An
   * infinite value counts by its sign for norms inf and 1. A gradient that holds one has no direction
   * for norm 2, and becomes 0. ART does the same.
   *
   * @param gradient Without NaN.
   */
  steepest(gradient: Float32Array): void;
  /**
   * Moves a perturbation, in place, into the ball of radius `eps` around 0. For norm 1 by scaling, as
   * ART does, which is not the nearest point of the ball.
   */
  project(perturbation: Float32Array, eps: number): void;
  /** Fills an array with a random point of the ball of radius `eps`. */
  randomPoint(point: Float32Array, eps: number, random: Random): void;
}

/** The balls of the norms. */
export const balls: Readonly<Record<Norm, Ball>> = {
  inf: {
    steepest: (gradient) => gradient.forEach((value, i) => gradient[i] = Math.sign(value)),
    project(perturbation, eps) {
      for (let i = 0; i < perturbation.length; i++) {
        perturbation[i] = Math.min(eps, Math.max(-eps, perturbation[i]!));
      }
    },
    randomPoint(point, eps, random) {
      for (let i = 0; i < point.length; i++) point[i] = eps * (2 * random.uniform() - 1);
    },
  },
  1: {
    // All of the step goes to the value that counts most; of equal ones, to the first.
    steepest(gradient) {
      let most = 0;
      for (let i = 1; i < gradient.length; i++) {
        if (Math.abs(gradient[i]!) > Math.abs(gradient[most]!)) most = i;
      }
      const sign = Math.sign(gradient[most]!);
      gradient.fill(0);
      gradient[most] = sign;
    },
    project: (perturbation, eps) => shrink(perturbation, eps, sumOfSizes(perturbation)),
    // The gaps between sorted numbers from 0 to 1, each with a random sign.
    randomPoint(point, eps, random) {
      const sorted = Float64Array.from(point, () => random.uniform()).sort();
      for (let i = 0; i < point.length; i++) {
        const gap = sorted[i]! - (i === 0 ? 0 : sorted[i - 1]!);
        point[i] = random.integer(2) === 0 ? eps * gap : -eps * gap;
      }
    },
  },
  2: {
    steepest(gradient) {
      const length = lengthOf(gradient);
      if (length === Infinity) gradient.fill(0);
      else if (length > 0) scale(gradient, 1 / length);
    },
    project: (perturbation, eps) => shrink(perturbation, eps, lengthOf(perturbation)),
    // A direction of normal deviates, at a distance that makes all places as likely.
    randomPoint(point, eps, random) {
      for (let i = 0; i < point.length; i++) point[i] = normal(random);
      const distance = eps * random.uniform() ** (1 / point.length);
      const length = lengthOf(point);
      if (length > 0) scale(point, distance / length);
    },
  },
};

function sumOfSizes(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}

function lengthOf(values: Float32Array): number {
  // Scaled, for the squares of a sure model's gradients would vanish.
  const most = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (most === 0 || most === Infinity) return most;
  return most * Math.sqrt(values.reduce((sum, value) => sum + (value / most) ** 2, 0));
}

function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * factor;
}

/** Scales a perturbation of a given size down to `eps`, if it is larger. */
function shrink(perturbation: Float32Array, eps: number, size: number): void {
  if (size > eps) scale(perturbation, eps / size);
}
