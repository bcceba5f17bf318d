/**
 * The perturbation of clean-label by projected gradient descent on a proxy model.
 *
 * @module
 */

import { formatCountOf } from "../../core/format.ts";
import { predictedLabels } from "../../core/predicted_labels.ts";
import type { Json } from "../../core/types.ts";
import { pgd, type PgdPerturbation } from "../../perturb/mod.ts";
import type { ImagePerturbation, Perturb } from "../../poison/mod.ts";
import { phase } from "../../core/phase.ts";
import { recipeOf } from "../recipe_of.ts";
import type { PerturbationContext } from "./perturbation_context.ts";
import { adversarialNumbers, type ProxyJob, trainProxy } from "./proxy.ts";

/** Makes the perturbation: untargeted, away from what the proxy itself says, as ART does. */
export function pgdPerturbation(
  { proxy: proxyKind, ...job }: PgdPerturbation,
  { context, ...proxy }: PerturbationContext,
): ImagePerturbation {
  const { seed, dataset } = proxy;
  const proxyJob: ProxyJob = { ...proxy, kind: proxyKind };
  const onChunk = () => context.signal.throwIfAborted();
  const perturb: Perturb = async (images, _labels, { indices }) => {
    using proxy = await trainProxy(proxyJob, context);
    const { engine } = proxy;
    const predict = async (batch: typeof images) =>
      predictedLabels(await engine.classify(batch, { onChunk }), dataset.labels.length);
    return await phase(
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
