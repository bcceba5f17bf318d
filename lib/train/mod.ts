/**
 * Training.
 *
 * @module
 */

export { type Augmentation, noAugmentation } from "./augmentation.ts";
export { batches, type BatchOptions } from "./batches.ts";
export { findRecipe, oneCycle, type Recipe, recipes } from "./recipe.ts";
export {
  DivergenceError,
  type EpochResult,
  train,
  type TrainOptions,
  type TrainProgress,
  type TrainResult,
} from "./train.ts";
export { type GanProgress, trainGan, type TrainGanOptions } from "./train_gan.ts";
