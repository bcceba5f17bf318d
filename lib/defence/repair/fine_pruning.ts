/**
 * Fine-Pruning (Liu, Dolan-Gavitt, Garg, "Fine-Pruning: Defending Against Backdooring Attacks on Deep
 * Neural Networks", RAID 2018): units that clean images leave idle may be the backdoor's.
 *
 * @module
 */

import { defineRepair } from "./define_repair.ts";
import { type Head, logitsOf, readHead, writeHead } from "./head.ts";
import { plainSet, SGD, tune, tuningParameters, withChanges } from "./tune.ts";

/** Units that are taken out at a time: a share of all. */
const STEP = 0.01;

/**
 * Units of the last hidden layer are taken out, the idlest first, for as long as accuracy on the clean
 * images stays; then the model is trained on, without them. The authors prune the last convolution;
 * BackdoorBench, as here, the layer that the last one reads. (Its program prunes one step too many, and
 * looks at accuracy on the test set.)
 */
export const finePruning = defineRepair({
  name: "fine-pruning",
  title: "Fine-Pruning",
  summary: "Takes out the units that clean images leave idle, and trains the model on.",
  needsTrigger: false,
  optimizer: SGD,
  parameters: {
    ...tuningParameters(5, 0.01),
    loss: {
      type: "number",
      description: "accuracy on the clean images that pruning may cost, a fraction",
      default: 0.04,
      minimum: 0,
      maximum: 1,
    },
  },
  cost: (images, { epochs }) => ({ forwards: images, backwards: images * epochs }),
  async repair(model, clean, { numbers, meter, ...options }) {
    meter.forward(clean.labels.length);
    const features = await model.activations(clean.images);
    const pruned = chooseUnits(readHead(model), {
      ...{ features, labels: clean.labels, loss: numbers.loss },
    });
    const prune = () => writeHead(model, withoutUnits(readHead(model), pruned));
    prune();
    // What comes from a unit that has been taken out would have its weights grow again.
    const held = withChanges(model, prune);
    await tune(held, plainSet(clean), { numbers, meter, ...options });
  },
});

/**
 * Which units can be taken out.
 *
 * @param options `features`: `(N, width)`, row-major; `loss`: of accuracy.
 */
export function chooseUnits(
  head: Head,
  { features, labels, loss }: {
    readonly features: Float32Array;
    readonly labels: Uint8Array;
    readonly loss: number;
  },
): Uint32Array {
  const width = features.length / labels.length;
  const activity = new Float64Array(width);
  features.forEach((value, i) => activity[i % width]! += value);
  const order = Uint32Array.from(activity.keys()).sort((a, b) =>
    activity[a]! - activity[b]! || a - b
  );
  const accuracyOf = (pruned: Uint32Array) =>
    accuracy(withoutUnits(head, pruned), features, labels);
  const least = accuracyOf(order.subarray(0, 0)) - loss;
  const step = Math.ceil(STEP * width);
  let count = 0;
  while (count + step < width && accuracyOf(order.subarray(0, count + step)) >= least) {
    count += step;
  }
  return order.subarray(0, count);
}

function withoutUnits({ kernel, bias }: Head, units: Uint32Array): Head {
  const pruned = kernel.slice();
  for (const unit of units) pruned.fill(0, unit * bias.length, (unit + 1) * bias.length);
  return { kernel: pruned, bias };
}

function accuracy(head: Head, features: Float32Array, labels: Uint8Array): number {
  const classes = head.bias.length;
  const logits = logitsOf(head, features);
  const right = labels.filter((label, row) => {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores)) === label;
  });
  return right.length / labels.length;
}
