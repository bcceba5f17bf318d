/**
 * From a request to a job: defaults filled in, contradictions refused before anything runs.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import { findByName } from "../core/find_by_name.ts";
import { architectures } from "../model/mod.ts";
import { type Augmentation, findRecipe, noAugmentation } from "../train/mod.ts";
import { DEFAULT_MODEL, DEFAULT_RECIPE } from "./defaults.ts";
import {
  type NamedTrainingJob,
  type NetworkJob,
  networkOf,
  type TrainingJob,
  withoutUndefined,
} from "./job.ts";
import { jobName } from "./job_name.ts";
import type { Augment, TrainRequest } from "./request.ts";
import { resolveData } from "./resolve_data.ts";
import { asItIs, type ResolveOptions } from "./resolve_options.ts";

/**
 * The training that is asked for.
 *
 * @throws {UsageError} If fields contradict each other or are out of range.
 * @throws {NotFoundError} If there is no such data set, attack, trigger, network or recipe.
 *
 * @example
 * ```ts
 * import { resolveJob } from "./resolve_job.ts";
 * import assert from "node:assert/strict";
 *
 * const job = resolveJob({ model: "badnets", target: 7 }, { workers: 2 });
 * assert.deepEqual([job.dataset, job.attack, job.poisonRate], ["mnist", "single-target", 0.1]);
 * assert.throws(
 *   () => resolveJob({ source: 3, target: 3 }, { workers: 2 }),
 *   /source and target must be different classes/,
 * );
 * ```
 */
export function resolveJob(request: TrainRequest, options: ResolveOptions): TrainingJob {
  const network = resolveNetwork(request, options);
  return { ...resolveData(request, { ...options, network }), ...network };
}

/**
 * The training that is asked for, with the name of the model that it makes.
 *
 * @throws {UsageError} As `resolveJob`, or if the name is none that the store takes.
 * @throws {NotFoundError} As `resolveJob`.
 */
export function resolveNamedJob(
  request: TrainRequest,
  options: ResolveOptions,
): NamedTrainingJob {
  const job = resolveJob(request, options);
  return { ...job, name: jobName(job, request) };
}

function resolveNetwork(
  request: TrainRequest,
  { workers, spell = asItIs }: ResolveOptions,
): NetworkJob {
  const { model = DEFAULT_MODEL, recipe = DEFAULT_RECIPE, augment, depth } = request;
  checkDepth(depth, { model, spell });
  if (augment !== undefined && augment !== "none" && !changesImages(recipe)) {
    throw new UsageError(
      `Cannot train: ${spell("augment")} must be none with ${spell("recipe")} ${recipe}, which ` +
        `takes images as they are, got ${augment}; leave one of them out`,
    );
  }
  return networkOf(withoutUndefined({
    model,
    depth,
    recipe,
    augmentation: augment && augmentationOf(recipe, augment),
    epochs: request.epochs,
    batchSize: request.batchSize,
    learningRateFactor: request.learningRateFactor,
    workers: request.workers ?? workers,
  }));
}

function checkDepth(
  depth: number | undefined,
  { model, spell }: { model: string; spell: (option: string) => string },
): void {
  const { depth: choice } = findByName(architectures, model, "Cannot train: the network");
  if (depth === undefined || choice?.isValid(depth)) return;
  throw new UsageError(
    choice === undefined
      ? `Cannot train: ${spell("depth")} cannot be combined with ${spell("model")} ${model}, ` +
        `which has one depth, got ${depth}; leave one of them out`
      : `Cannot train: ${spell("depth")} must be ${choice.must} with ${spell("model")} ${model}, ` +
        `got ${depth}`,
  );
}

function changesImages(recipe: string): boolean {
  const { shift, flip } = findRecipe(recipe).augmentation;
  return shift > 0 || flip;
}

function augmentationOf(recipe: string, augment: Augment): Augmentation {
  if (augment === "none") return noAugmentation;
  const order = augment === "after-trigger" ? "after trigger" : "before trigger";
  return { ...findRecipe(recipe).augmentation, order };
}
