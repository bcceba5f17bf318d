/**
 * The perturbation of clean-label by a generator: trained on the training images, without their labels,
 * and then used to move images towards other classes.
 *
 * @module
 */

import { createRandom, streamSeed } from "../../core/random.ts";
import { selectImages } from "../../core/select_images.ts";
import { createGan, type Gan, latentSpaceOf } from "../../model/mod.ts";
import { type GanPerturbation, interpolate } from "../../perturb/mod.ts";
import { type ImagePerturbation, indicesWhere, type Perturb } from "../../poison/mod.ts";
import { trainGan } from "../../train/mod.ts";
import { startBackend } from "../backend.ts";
import { formatCountOf } from "../../core/format.ts";
import { phase } from "../../core/phase.ts";
import type { PerturbationContext } from "./perturbation_context.ts";

/**
 * Makes the perturbation: each image is moved towards an image of another class, which is drawn for
 * it alone.
 */
export function ganPerturbation(
  job: GanPerturbation,
  made: PerturbationContext,
): ImagePerturbation {
  const { clean, context, dataset } = made;
  const perturb: Perturb = async (images, labels, { indices }) => {
    await startBackend(context.runtime);
    const seed = streamSeed(made.seed, "GAN");
    using gan = createGan({ shape: dataset.shape, seed, latent: job.latent });
    await train(gan, { ...job, seed }, made);
    const others = selectImages(clean.images, othersOf(indices, labels, made));
    return await phase(
      `interpolating ${formatCountOf(images.shape[0], "image")}: ${2 * job.steps} steps`,
      context,
      (onStep) => interpolate(images, others, { ...job, generator: latentSpaceOf(gan), onStep }),
    );
  };
  return { perturb, manifest: { ...job } };
}

/** Trains a GAN on the training images. */
function train(
  gan: Gan,
  { epochs, seed }: { epochs: number; seed: number },
  { clean, context }: PerturbationContext,
): Promise<void> {
  return phase(
    `training a generator: ${formatCountOf(epochs, "epoch")} of ${
      formatCountOf(clean.labels.length, "image")
    }`,
    context,
    (onStep) =>
      trainGan(gan, clean.images, {
        epochs,
        seed,
        signal: context.signal,
        onStep: ({ step, steps }) => onStep(step, steps),
      }),
  );
}

/** For each image one of another class, drawn by the image's own stream: no other image changes it. */
function othersOf(
  indices: Uint32Array,
  labels: Uint8Array,
  { clean, seed }: PerturbationContext,
): Uint32Array {
  const ofOtherClasses = new Map(
    Array.from(new Set(labels), (own) => [own, indicesWhere(clean.labels, (l) => l !== own)]),
  );
  return indices.map((index, i) => {
    const candidates = ofOtherClasses.get(labels[i]!)!;
    return candidates[createRandom(seed, `other of image ${index}`).integer(candidates.length)]!;
  });
}
