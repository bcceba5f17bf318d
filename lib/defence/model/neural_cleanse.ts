/**
 * Neural Cleanse (Wang et al., "Neural Cleanse: Identifying and Mitigating Backdoor Attacks in Neural
 * Networks", S&P 2019): of the smallest stamps that lead all images to a class, that of a backdoor's
 * target is by far the smallest.
 *
 * @module
 */

import { predictedLabels } from "../../core/predicted_labels.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { selectImages } from "../../core/select_images.ts";
import type { ImageBatch } from "../../core/types.ts";
import type { Meter } from "../meter.ts";
import { defineModelDefence } from "./define_model_defence.ts";
import { Inversion, type Stamp } from "./inversion.ts";
import type { ModelSubject, SuspectModel } from "./model_defence.ts";
import { anomalyIndices, median } from "./outlier.ts";
import { stampReversed } from "./reversed_trigger.ts";

const STEPS = 80;

/** Clean images of a step, the same for all classes. */
const BATCH = 16;

/** Clean images on which the stamps' attack success is counted, at most. */
const COUNTED = 200;

/**
 * All classes are searched at once, so that a batch fills the threads. The statistic is the natural
 * logarithm of the median norm over the smallest: unlike the authors' index it does not rise when
 * the other classes are much alike. There is no early stop, so that costs are known beforehand.
 */
export const neuralCleanse = defineModelDefence({
  name: "neural-cleanse",
  title: "Neural Cleanse",
  summary: "Looks for the smallest stamp that leads all images to a class, and compares classes.",
  cleanImages: BATCH,
  cost({ model: { classes }, clean }) {
    const searched = classes * STEPS * BATCH;
    const counted = Math.min(COUNTED, clean?.shape[0] ?? 0) * (1 + classes);
    return { forwards: counted, backwards: searched };
  },
  async inspect(subject, { seed, meter }) {
    const clean = subject.clean!;
    const inversions = await searchStamps({ ...subject, clean }, { seed, meter });
    const norms = inversions.map(({ norm }) => norm);
    const suspect = norms.indexOf(Math.min(...norms));
    const counted = countedImages(clean, createRandom(seed, "counted images"));
    const stamps = inversions.map(({ best, stamp }) => best ?? stamp);
    const attackSuccess = await countSuccess(subject.model, { images: counted, stamps, meter });
    const { best } = inversions[suspect]!;
    const { shape } = subject;
    return {
      statistic: Math.log(median(norms) / norms[suspect]!),
      suspect,
      perClass: { norm: norms, attackSuccess },
      beside: { anomalyIndex: anomalyIndices(norms)[suspect]! },
      trigger: best === null ? null : {
        ...{ target: suspect, shape, mask: best.mask, pattern: best.pattern },
        attackSuccess: attackSuccess[suspect]!,
      },
    };
  },
});

async function searchStamps(
  { model, shape: [height, width, channels], clean }: ModelSubject & { readonly clean: ImageBatch },
  { seed, meter }: { readonly seed: number; readonly meter: Meter },
): Promise<Inversion[]> {
  const inversions = Array.from(
    { length: model.classes },
    (_, label) =>
      new Inversion(height * width, channels, createRandom(seed, `start of class ${label}`)),
  );
  const { classes } = model;
  const size = BATCH * height * width * channels;
  const stamped = new Float32Array(classes * size);
  const images: ImageBatch = {
    data: stamped,
    shape: [classes * BATCH, height, width, channels],
  };
  const rows = createRowStream(clean.shape[0], createRandom(seed, "batches"));
  const part = (values: Float32Array, label: number) =>
    values.subarray(label * size, (label + 1) * size);
  for (let step = 0; step < STEPS; step++) {
    const { data } = selectImages(clean, rows(BATCH));
    inversions.forEach((inversion, label) => inversion.stampInto(part(stamped, label), data));
    const hits = new Uint8Array(classes);
    meter.backward(classes * BATCH);
    const gradient = await model.pullBack(images, (logits, first) => {
      const labelOf = (row: number) => Math.floor((first + row) / BATCH);
      predictedLabels(logits, classes).forEach((answer, row) => {
        if (answer === labelOf(row)) hits[answer]!++;
      });
      return crossEntropyGradient(logits, { classes, labelOf });
    });
    inversions.forEach((inversion, label) =>
      inversion.step(data, part(gradient, label), hits[label]! / BATCH)
    );
  }
  return inversions;
}

/** That of each row's cross-entropy with its label: softmax, less 1 for the label. */
function crossEntropyGradient(
  logits: Float32Array,
  { classes, labelOf }: { readonly classes: number; readonly labelOf: (row: number) => number },
): Float32Array {
  const gradient = new Float32Array(logits.length);
  for (let row = 0, at = 0; at < logits.length; row++, at += classes) {
    const scores = logits.subarray(at, at + classes);
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const sum = powers.reduce((all, power) => all + power);
    powers.forEach((power, label) => gradient[at + label] = power / sum);
    gradient[at + labelOf(row)]! -= 1;
  }
  return gradient;
}

/** Rows in random order, all of them before one comes again. */
function createRowStream(count: number, random: Random): (wanted: number) => number[] {
  const order = Uint32Array.from(Array(count).keys());
  let next = count;
  return (wanted) =>
    Array.from({ length: wanted }, () => {
      if (next === count) {
        random.shuffle(order);
        next = 0;
      }
      return order[next++]!;
    });
}

function countedImages(clean: ImageBatch, random: Random): ImageBatch {
  const rows = random.shuffle(Uint32Array.from(Array(clean.shape[0]).keys()));
  return selectImages(clean, rows.subarray(0, COUNTED));
}

/** Of each class's stamp: the share of the images that the model takes for another class without it. */
async function countSuccess(
  model: SuspectModel,
  { images, stamps, meter }: {
    readonly images: ImageBatch;
    readonly stamps: readonly Stamp[];
    readonly meter: Meter;
  },
): Promise<number[]> {
  const read = async (batch: ImageBatch) => {
    meter.forward(batch.shape[0]);
    return predictedLabels(await model.classify(batch), model.classes);
  };
  const before = await read(images);
  const shares: number[] = [];
  for (const [label, stamp] of stamps.entries()) {
    const after = await read(stampReversed(images, stamp));
    const victims = after.filter((_, i) => before[i] !== label);
    const hits = victims.filter((answer) => answer === label).length;
    // If the model takes every image for the class, nothing is left to turn.
    shares.push(victims.length === 0 ? 0 : hits / victims.length);
  }
  return shares;
}
