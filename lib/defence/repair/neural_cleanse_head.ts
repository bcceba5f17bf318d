/**
 * Repairs of the last layer alone, by the trigger that Neural Cleanse has reversed. Nothing is trained.
 *
 * @module
 */

import type { LabelledImages } from "../../core/types.ts";
import type { Meter } from "../meter.ts";
import { type ReversedTrigger, stampReversed } from "../model/mod.ts";
import { defineRepair, type RepairMethod } from "./define_repair.ts";
import { readHead, writeHead } from "./head.ts";
import { projectHead } from "./project_head.ts";
import { type RefitFeatures, refitHead } from "./refit_head.ts";
import type { RepairableModel } from "./repair.ts";

/** The same for both. */
const common = {
  needsTrigger: true,
  optimizer: null,
  parameters: {},
  cost: (images) => ({ forwards: 2 * images, backwards: 0 }),
} as const satisfies Partial<RepairMethod<never>>;

/** The last layer no longer sees the direction in which the trigger moves images. */
export const neuralCleanseProjection = defineRepair({
  ...common,
  name: "neural-cleanse-projection",
  title: "Neural Cleanse with projection",
  summary: "Takes the direction in which the reversed trigger moves images out of the last layer.",
  async repair(model, clean, { trigger, meter }) {
    const head = readHead(model);
    const features = await readFeatures(model, clean, { trigger, meter });
    const direction = meanShift(features, clean.labels, {
      target: trigger.target,
      width: features.clean.length / clean.labels.length,
    });
    writeHead(model, projectHead(head, { clean: features.clean, direction }));
  },
});

/** The last layer is fitted to say of images with the trigger what it says of them without. */
export const neuralCleanseRefit = defineRepair({
  ...common,
  name: "neural-cleanse-refit",
  title: "Neural Cleanse with a refitted last layer",
  summary: "Fits the last layer by least squares to say the same with and without the trigger.",
  async repair(model, clean, { trigger, meter }) {
    const head = readHead(model);
    writeHead(model, refitHead(head, await readFeatures(model, clean, { trigger, meter })));
  },
});

async function readFeatures(
  model: RepairableModel,
  { images, labels }: LabelledImages,
  { trigger, meter }: { readonly trigger: ReversedTrigger; readonly meter: Meter },
): Promise<RefitFeatures> {
  meter.forward(labels.length);
  const clean = await model.activations(images);
  meter.forward(labels.length);
  return { clean, stamped: await model.activations(stampReversed(images, trigger)) };
}

/** How far the trigger moves images of other classes than its target, on average, `(width)`. */
function meanShift(
  { clean, stamped }: RefitFeatures,
  labels: Uint8Array,
  { target, width }: { readonly target: number; readonly width: number },
): Float64Array {
  const shift = new Float64Array(width);
  labels.forEach((label, row) => {
    if (label === target) return;
    for (let unit = 0; unit < width; unit++) {
      const at = row * width + unit;
      shift[unit]! += stamped[at]! - clean[at]!;
    }
  });
  return shift;
}
