/**
 * The recipe of a job.
 *
 * @module
 */

import { findRecipe, type Recipe } from "../train/mod.ts";
import type { NetworkJob } from "./job.ts";

/** The recipe of a job, with what the job has otherwise. */
export function recipeOf(job: NetworkJob): Recipe {
  const recipe = findRecipe(job.recipe);
  const { learningRateFactor = 1 } = job;
  return {
    ...recipe,
    augmentation: job.augmentation ?? recipe.augmentation,
    epochs: job.epochs ?? recipe.epochs,
    batchSize: job.batchSize ?? recipe.batchSize,
    learningRate: (progress) => learningRateFactor * recipe.learningRate(progress),
  };
}
