/**
 * Self-distillation by the trigger that Neural Cleanse has reversed: the model learns to say of stamped
 * images what it said of them before they were stamped.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import { selectImages } from "../../core/select_images.ts";
import { towardsTargets } from "../../engine/mod.ts";
import { stampReversed } from "../model/mod.ts";
import { defineRepair } from "./define_repair.ts";
import { BATCH, cosine, SGD, tuningParameters } from "./tune.ts";

/** Of each batch, the first half is stamped. */
export const neuralCleanseDistillation = defineRepair({
  name: "neural-cleanse-distillation",
  title: "Neural Cleanse with distillation",
  summary: "Trains the model to say of images with the reversed trigger what it said without.",
  needsTrigger: true,
  optimizer: { ...SGD, weightDecay: 0 },
  parameters: tuningParameters(5, 0.005),
  cost: (images, { epochs }) => ({ forwards: images, backwards: images * epochs }),
  async repair(model, { images, labels }, { trigger, numbers, seed, meter }) {
    const { classes } = model;
    const count = labels.length;
    meter.forward(count);
    const said = await model.classify(images);
    const stamped = stampReversed(images, trigger);
    const size = images.data.length / count;
    const random = createRandom(seed, "batches");
    const order = Uint32Array.from(labels.keys());
    for (let epoch = 0; epoch < numbers.epochs; epoch++) {
      random.shuffle(order);
      for (let first = 0; first < count; first += BATCH) {
        const rows = order.subarray(first, first + BATCH);
        const half = Math.ceil(rows.length / 2);
        const batch = selectImages(images, rows);
        batch.data.set(selectImages(stamped, rows.subarray(0, half)).data.subarray(0, half * size));
        const targets = new Float32Array(rows.length * classes);
        rows.forEach((row, i) =>
          targets.set(said.subarray(row * classes, (row + 1) * classes), i * classes)
        );
        meter.backward(rows.length);
        const progress = (epoch * count + first) / (numbers.epochs * count);
        await model.stepBy(
          batch,
          (logits) => towardsTargets(logits, { targets, classes }).gradient,
          cosine(numbers.learningRate, progress),
        );
      }
    }
  },
});
