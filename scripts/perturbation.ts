/**
 * Perturbations for clean-label attacks, from options: what is done to images before the trigger.
 *
 * @module
 */

import type { Json, LabelledImages } from "../lib/core/types.ts";
import type { LoadedDataset } from "../lib/data/mod.ts";
import { predictedLabels } from "../lib/evaluate/mod.ts";
import { type PerturbationNumbers, pgd, type PgdPerturbation } from "../lib/perturb/mod.ts";
import type { ImagePerturbation, Perturb } from "../lib/poison/mod.ts";
import { formatCountOf } from "../lib/core/format.ts";
import { ganPerturbation } from "./gan_perturbation.ts";
import { noted } from "./noted.ts";
import { adversarialNumbers, type ProxyJob, trainProxy } from "./proxy.ts";
import { type NetworkJob, recipeOf, type TrainingContext } from "./train_network.ts";

/** The kinds, the default first. */
export const perturbationKinds = ["pgd", "gan", "none"] as const;

/** ART's clean-label notebook: norm 2, eps 5, 200 steps of .1, from the image itself. */
export const pgdDefaults: PgdPerturbation = {
  kind: "pgd",
  norm: 2,
  eps: 5,
  epsStep: 0.1,
  steps: 200,
  randomStarts: 0,
  proxy: "plain",
};

/** What a perturbation is made with. */
export interface PerturbationContext extends TrainingContext {
  readonly dataset: LoadedDataset;
  /** The training images that the attack is on, as they are. */
  readonly clean: LabelledImages;
  /** Network and recipe of a proxy. */
  readonly network: NetworkJob;
  readonly seed: number;
}

/** Makes a perturbation, `null` for none; what takes time is done when it is applied. */
export function createPerturbation(
  job: PerturbationNumbers,
  context: PerturbationContext,
): ImagePerturbation | null {
  switch (job.kind) {
    case "none":
      return null;
    case "pgd":
      return pgdPerturbation(job, context);
    case "gan":
      return ganPerturbation(job, context);
  }
}

/** Untargeted, away from what the proxy itself says, as ART does. */
function pgdPerturbation(
  { proxy: proxyKind, ...job }: PgdPerturbation,
  context: PerturbationContext,
): ImagePerturbation {
  const { signal, seed, dataset } = context;
  const proxyJob: ProxyJob = { ...context, kind: proxyKind };
  const onChunk = () => signal.throwIfAborted();
  const perturb: Perturb = async (images, _labels, { indices }) => {
    using proxy = await trainProxy(proxyJob, context);
    const { engine } = proxy;
    const predict = async (batch: typeof images) =>
      predictedLabels(await engine.classify(batch, { onChunk }), dataset.labels.length);
    return await noted(
      `perturbing ${formatCountOf(images.shape[0], "image")}: ${job.steps} steps`,
      context,
      async (onStep) =>
        await pgd(images, {
          ...job,
          seed,
          indices,
          predict,
          labels: await predict(images),
          gradient: (batch, labels) => engine.inputGradient({ images: batch, labels }),
          onStep,
        }),
    );
  };
  return { perturb, manifest: { ...job, proxy: describeProxy(proxyJob) } };
}

/** A proxy for a manifest. */
function describeProxy({ kind, network, dataset }: ProxyJob): Json {
  const { name, epochs, batchSize, augmentation } = recipeOf(network);
  return {
    kind,
    model: network.model,
    ...network.depth === undefined ? {} : { depth: network.depth },
    recipe: name,
    epochs,
    batchSize,
    ...network.learningRateFactor === undefined
      ? {}
      : { learningRateFactor: network.learningRateFactor },
    augmentation: { ...augmentation },
    ...kind === "adversarial" ? { adversary: { ...adversarialNumbers(dataset) } } : {},
  };
}
