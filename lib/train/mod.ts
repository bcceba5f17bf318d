/**
 * Training.
 *
 * @module
 */

export { batches, type BatchOptions } from "./batches.ts";
export { findRecipe, oneCycle, type Optimizer, type Recipe, recipes } from "./recipe.ts";
export {
  type EpochResult,
  train,
  type TrainOptions,
  type TrainProgress,
  type TrainResult,
} from "./train.ts";
export type { TrainingSet } from "./training_set.ts";
export { createTfjsStep, type TrainingStep } from "./training_step.ts";
