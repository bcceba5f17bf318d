/**
 * Jobs with every number, and their digests.
 *
 * @module
 */

import { sha256 } from "../core/digest.ts";
import type { NetworkJob, TrainingJob } from "./job.ts";
import { recipeOf } from "./recipe_of.ts";

/**
 * Raised if the same job comes to other weights or other perturbed images than it did: results of
 * before are not of this code.
 */
export const REVISION = 1;

/** A job with every number, also those that it leaves to its recipe: what results are the results of. */
export type CompleteJob<Job extends TrainingJob = TrainingJob> =
  & Omit<Job, "proxyNetwork">
  & Required<Pick<NetworkJob, "epochs" | "batchSize" | "augmentation">>
  & { readonly revision: number };

/**
 * Completes a job by its recipe's numbers. The network of its proxy is left out: it is the job's own.
 */
export function completeJob<Job extends TrainingJob>(job: Job): CompleteJob<Job> {
  const { proxyNetwork: _, ...rest } = job;
  const { epochs, batchSize, augmentation } = recipeOf(job);
  return { ...rest, epochs, batchSize, augmentation, revision: REVISION };
}

/**
 * Names a training by what it comes to: equal for jobs that make the same model, whatever the order of
 * their fields and whatever they leave to their recipes.
 *
 * @returns SHA-256 of the complete job's JSON, its fields in alphabetical order, in hexadecimal.
 */
export async function jobDigest(job: TrainingJob): Promise<string> {
  const sorted = JSON.stringify(
    completeJob(job),
    (_, value) =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
        : value,
  );
  return await sha256(new TextEncoder().encode(sorted));
}
