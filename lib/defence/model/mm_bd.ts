/**
 * MM-BD (Wang, Xiang, Miller, Kesidis, "MM-BD: Post-Training Detection of Backdoor Attacks with
 * Arbitrary Backdoor Pattern Types Using a Maximum Margin Statistic", S&P 2024): a backdoor lets its
 * target's logit rise far above all others. No images are needed.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import type { ImageBatch, ImageShape } from "../../core/types.ts";
import type { Meter } from "../meter.ts";
import { defineModelDefence } from "./define_model_defence.ts";
import { fitGamma, gammaTail } from "./gamma.ts";
import type { SuspectModel } from "./model_defence.ts";

/** Random images from which each class's margin is raised. */
const STARTS = 10;

const STEPS = 30;

/** Length of a step, of one that would move each value by 1. */
const STEP = 0.02;

/** A margin that says nothing; margins that are compared are at least as large, in nats. */
const LEAST_MARGIN = 1e-3;

/**
 * The statistic is the natural logarithm of the largest margin over the second largest. Steps are of
 * one length whatever the gradient, for the authors' rate of .01 leaves these networks far from the
 * maximum, and few: a backdoor's margin rises at once, that of natural classes for long. Their p value stands beside: of the largest margin, under a gamma distribution that is
 * fitted to the others. For few classes it falls below .05 far more often than in one of twenty.
 */
export const mmBd = defineModelDefence({
  name: "mm-bd",
  title: "MM-BD",
  summary: "Looks how far each class's logit can be raised above all others, without any images.",
  cleanImages: 0,
  cost({ model: { classes } }) {
    const images = classes * STARTS;
    return { forwards: images, backwards: images * STEPS };
  },
  async inspect({ model, shape }, { seed, meter }) {
    const margins = (await raiseMargins(model, { shape, seed, meter }))
      .map((margin) => Math.max(LEAST_MARGIN, margin));
    const [first, second] = margins.toSorted((a, b) => b - a);
    const suspect = margins.indexOf(first!);
    return {
      statistic: Math.log(first! / second!),
      suspect,
      perClass: { margin: margins },
      beside: { pValue: pValueOf(margins, suspect) },
      trigger: null,
    };
  },
});

/** The largest margin of each class that gradient ascent comes upon, `(classes)`. */
async function raiseMargins(
  model: SuspectModel,
  { shape, seed, meter }: {
    readonly shape: ImageShape;
    readonly seed: number;
    readonly meter: Meter;
  },
): Promise<number[]> {
  const { classes } = model;
  const size = shape[0] * shape[1] * shape[2];
  const count = classes * STARTS;
  const random = createRandom(seed, "starts");
  const data = Float32Array.from({ length: count * size }, () => random.uniform());
  const images: ImageBatch = { data, shape: [count, ...shape] };
  const margins = new Array<number>(classes).fill(-Infinity);
  /** Notes margins, and answers in which direction of the logits they rise. */
  const rise = (logits: Float32Array, first: number) => {
    const directions = new Float32Array(logits.length);
    for (let at = 0, row = first; at < logits.length; at += classes, row++) {
      const label = Math.floor(row / STARTS);
      const scores = logits.subarray(at, at + classes);
      const rival = rivalOf(scores, label);
      margins[label] = Math.max(margins[label]!, scores[label]! - scores[rival]!);
      directions[at + label] = 1;
      directions[at + rival] = -1;
    }
    requireNumbers(margins);
    return directions;
  };
  for (let step = 0; step < STEPS; step++) {
    meter.backward(count);
    ascend(data, await model.pullBack(images, rise), size);
  }
  meter.forward(count);
  rise(await model.logits(images), 0);
  return margins;
}

/** The class, other than a given one, with the highest logit of a row. */
function rivalOf(scores: Float32Array, label: number): number {
  let rival = label === 0 ? 1 : 0;
  for (let other = 0; other < scores.length; other++) {
    if (other !== label && scores[other]! > scores[rival]!) rival = other;
  }
  return rival;
}

/**
 * Moves each image by a step's length along its gradient, and keeps it in 0–1. Values that stand at
 * an end and are pushed beyond it do not count: else they would take up the step's length.
 */
function ascend(images: Float32Array, gradients: Float32Array, size: number): void {
  for (let first = 0; first < images.length; first += size) {
    let squares = 0;
    for (let i = first; i < first + size; i++) {
      const slope = gradients[i]!;
      if (slope > 0 ? images[i] === 1 : images[i] === 0) gradients[i] = 0;
      else squares += slope * slope;
    }
    // Without a slope, an image stays where it is.
    const rate = squares > 0 ? STEP * Math.sqrt(size / squares) : 0;
    for (let i = first; i < first + size; i++) {
      images[i] = Math.min(1, Math.max(0, images[i]! + rate * gradients[i]!));
    }
  }
}

/** The probability that the largest of as many margins is as large as the suspect's. */
function pValueOf(margins: readonly number[], suspect: number): number {
  const others = margins.filter((_, label) => label !== suspect);
  const tail = gammaTail(margins[suspect]!, fitGamma(others));
  return -Math.expm1(others.length * Math.log1p(-tail));
}

function requireNumbers(margins: readonly number[]): void {
  const broken = margins.findIndex(Number.isNaN);
  if (broken < 0) return;
  throw new RangeError(
    `Cannot inspect a model: its logits must be numbers, got NaN for class ${broken}; its weights ` +
      "are broken, train it again",
  );
}
