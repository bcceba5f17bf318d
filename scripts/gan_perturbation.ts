/**
 * The perturbation of clean-label by a generator: trained on the training images, without their labels,
 * and then used to move images towards other classes.
 *
 * @module
 */

import { createRandom, streamSeed } from "../lib/core/random.ts";
import { selectImages } from "../lib/core/select_images.ts";
import { createGan, type Gan, latentSpaceOf } from "../lib/model/mod.ts";
import { type GanPerturbation, interpolate } from "../lib/perturb/mod.ts";
import { type ImagePerturbation, indicesWhere, type Perturb } from "../lib/poison/mod.ts";
import { trainGan } from "../lib/train/mod.ts";
import { startBackend } from "./backend.ts";
import { formatCountOf } from "../lib/core/format.ts";
import { noted } from "./noted.ts";
import type { PerturbationContext } from "./perturbation.ts";

/**
 * What is done unless something else is asked for: measured on MNIST and CIFAR-10. With a quarter as
 * many latent values, CIFAR-10's images come out so blurred that models learn the blur, and not the
 * trigger.
 */
export const ganDefaults: GanPerturbation = {
  kind: "gan",
  latent: 256,
  tau: 0.4,
  steps: 25,
  epochs: 1,
};

/**
 * Makes the perturbation: each image is moved towards an image of another class, which is drawn for
 * it alone.
 */
export function ganPerturbation(
  job: GanPerturbation,
  context: PerturbationContext,
): ImagePerturbation {
  const { clean } = context;
  const perturb: Perturb = async (images, labels, { indices }) => {
    await startBackend();
    const seed = streamSeed(context.seed, "GAN");
    using gan = createGan({ shape: context.dataset.shape, seed, latent: job.latent });
    await train(gan, { ...job, seed }, context);
    const others = selectImages(clean.images, othersOf(indices, labels, context));
    return await noted(
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
  { clean, ...context }: PerturbationContext,
): Promise<void> {
  return noted(
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

/** For each image one of another class, drawn by the image's own stream: whichever others are asked for. */
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
