/**
 * How a network is trained: optimizer, its rate over time, batch, length, augmentation.
 *
 * @module
 */

import { findByName } from "../core/find_by_name.ts";
import type { Optimizer } from "../engine/mod.ts";
import { type Augmentation, noAugmentation } from "./augmentation.ts";

/** A way to train; every number of a training run but its seed. */
export interface Recipe {
  /** The name by which it is chosen. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Passes over the training set. */
  readonly epochs: number;
  /** Images in a step. */
  readonly batchSize: number;
  readonly augmentation: Augmentation;
  readonly optimizer: Optimizer;
  /**
   * The optimizer's rate.
   *
   * @param progress The share of all steps that are done, from 0 to below 1.
   */
  readonly learningRate: (progress: number) => number;
}

/**
 * A rate that rises in a straight line from a 25th of its peak to the peak and falls to zero along a
 * half cosine (Smith & Topin, "Super-Convergence", arXiv 1708.07120, with cosine decay).
 *
 * @param peak The highest rate.
 * @param warmUp The share of all steps that it rises for, from 0 to below 1.
 */
export function oneCycle(peak: number, warmUp: number): (progress: number) => number {
  return (progress) =>
    progress < warmUp
      ? peak * (1 + 24 * progress / warmUp) / 25
      : peak * 0.5 * (1 + Math.cos(Math.PI * (progress - warmUp) / (1 - warmUp)));
}

/** The recipes. */
export const recipes: readonly Recipe[] = [
  {
    name: "one-cycle",
    summary: "Adam under a one-cycle rate to .002 for 2 epochs, images shifted by up to one pixel.",
    epochs: 2,
    batchSize: 64,
    augmentation: { ...noAugmentation, shift: 1 },
    optimizer: { kind: "adam" },
    learningRate: oneCycle(0.002, 0.2),
  },
  {
    name: "article",
    summary: "The article's: Adam at .001 for 5 epochs, images as they are.",
    epochs: 5,
    batchSize: 128,
    augmentation: noAugmentation,
    optimizer: { kind: "adam" },
    learningRate: () => 0.001,
  },
  {
    name: "residual",
    summary:
      "For residual networks on photographs: SGD under a one-cycle rate to .2 for 20 epochs, " +
      "images shifted by up to four pixels and flipped left to right.",
    epochs: 20,
    batchSize: 128,
    augmentation: { ...noAugmentation, shift: 4, flip: true },
    optimizer: { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
    learningRate: oneCycle(0.2, 0.25),
  },
];

/**
 * A recipe by name.
 *
 * @throws {NotFoundError} If there is no such recipe; names those there are.
 */
export function findRecipe(name: string): Recipe {
  return findByName(recipes, name, "Cannot train: the recipe");
}
