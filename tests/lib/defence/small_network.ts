/** A network with one hidden layer that reads the strokes, trained here, and a backdoor in its weights. */

import { createRandom, normal } from "../../../lib/core/random.ts";
import { selectImages } from "../../../lib/core/select_images.ts";
import type { ImageBatch, LabelledImages } from "../../../lib/core/types.ts";
import {
  type GradientOfLogits,
  type StepOptions,
  towardsTargets,
} from "../../../lib/engine/mod.ts";
import { climb } from "../../../lib/engine/sharpness.ts";
import type { RepairableLayer } from "../../../lib/defence/repair/mod.ts";
import { CLASSES, drawImages, TARGET, TRIGGER } from "./synthetic.ts";

const PIXELS = 28 * 28;

/** Hidden units, of which the last one is the backdoor's. */
const WIDTH = 17;

/** Its weights: all of them, row-major. */
export interface SmallWeights {
  /** `(pixels, width)`. */
  readonly hidden: Float64Array;
  readonly hiddenBias: Float64Array;
  /** `(width, classes)`. */
  readonly head: Float64Array;
  readonly headBias: Float64Array;
}

/** What an engine is to the defences, and counts. */
export class SmallNetwork {
  readonly classes = CLASSES;
  readonly stored: SmallWeights;
  /** Images that it has read without a gradient, and those of which one was taken. */
  cost = { forwards: 0, backwards: 0 };

  readonly layers: RepairableLayer[] = [
    { name: "flatten", className: "Flatten", weights: {} },
    { name: "hidden", className: "Dense", weights: { kernel: [PIXELS, WIDTH], bias: [WIDTH] } },
    { name: "head", className: "Dense", weights: { kernel: [WIDTH, CLASSES], bias: [CLASSES] } },
  ];

  constructor(stored: SmallWeights) {
    this.stored = stored;
  }

  weights(layer: string): Record<string, Float32Array> {
    const { kernel, bias } = this.#of(layer);
    return { kernel: Float32Array.from(kernel), bias: Float32Array.from(bias) };
  }

  setWeights(layer: string, weights: Readonly<Record<string, Float32Array>>): void {
    const place = this.#of(layer);
    if (weights.kernel) place.kernel.set(weights.kernel);
    if (weights.bias) place.bias.set(weights.bias);
  }

  #of(layer: string): { kernel: Float64Array; bias: Float64Array } {
    const { hidden, hiddenBias, head, headBias } = this.stored;
    return layer === "hidden"
      ? { kernel: hidden, bias: hiddenBias }
      : { kernel: head, bias: headBias };
  }

  classify(images: ImageBatch): Promise<Float32Array> {
    this.cost.forwards += images.shape[0];
    return Promise.resolve(softmax(this.#forward(images).logits));
  }

  logits(images: ImageBatch): Promise<Float32Array> {
    this.cost.forwards += images.shape[0];
    return Promise.resolve(Float32Array.from(this.#forward(images).logits));
  }

  activations(images: ImageBatch): Promise<Float32Array> {
    this.cost.forwards += images.shape[0];
    return Promise.resolve(Float32Array.from(this.#forward(images).activations));
  }

  /** In two parts, as an engine does with more images than it has room for. */
  pullBack(images: ImageBatch, gradients: GradientOfLogits): Promise<Float32Array> {
    this.cost.backwards += images.shape[0];
    const { activations, logits } = this.#forward(images);
    const all = Float32Array.from(logits);
    const split = Math.floor(images.shape[0] / 3);
    const parts = [
      ...gradients(all.slice(0, split * CLASSES), 0),
      ...gradients(all.slice(split * CLASSES), split),
    ];
    return Promise.resolve(this.#toImages(activations, parts));
  }

  /** Plain gradient descent on the mean cross-entropy. */
  async step({ images, labels }: LabelledImages, rate: number): Promise<number> {
    const targets = new Float32Array(labels.length * CLASSES);
    labels.forEach((label, row) => targets[row * CLASSES + label] = 1);
    let loss = NaN;
    await this.stepBy(images, (logits) => {
      const found = towardsTargets(logits, { targets, classes: CLASSES });
      loss = found.loss;
      return found.gradient;
    }, rate);
    return loss;
  }

  /** Plain gradient descent, or by the gradient at the worst place near by. */
  stepBy(
    images: ImageBatch,
    gradient: GradientOfLogits,
    rate: number,
    { sharpness }: StepOptions = {},
  ): Promise<void> {
    const slopes = this.#slopes(images, gradient);
    if (sharpness === undefined) this.#descend(slopes, rate);
    else {
      const before = structuredClone(this.stored);
      const arrays = Object.keys(slopes) as (keyof SmallWeights)[];
      const moved = arrays.map((key) => ({
        weights: Float32Array.from(this.stored[key]),
        gradient: Float32Array.from(slopes[key]),
      }));
      climb(moved, sharpness);
      arrays.forEach((key, i) => this.stored[key].set(moved[i]!.weights));
      const above = this.#slopes(images, gradient);
      arrays.forEach((key) => this.stored[key].set(before[key]));
      this.#descend(above, rate);
    }
    return Promise.resolve();
  }

  #descend(slopes: SmallWeights, rate: number): void {
    for (const key of Object.keys(slopes) as (keyof SmallWeights)[]) {
      const weights = this.stored[key];
      for (let i = 0; i < weights.length; i++) weights[i]! -= rate * slopes[key][i]!;
    }
  }

  /** The gradient to the weights. */
  #slopes(images: ImageBatch, gradient: GradientOfLogits): SmallWeights {
    const { data, shape: [count] } = images;
    this.cost.backwards += count;
    const { activations, logits } = this.#forward(images);
    const toLogits = gradient(Float32Array.from(logits), 0);
    const toHidden = this.#toHidden(activations, toLogits);
    const slopes = structuredClone(this.stored);
    for (const values of Object.values(slopes)) values.fill(0);
    for (let row = 0; row < count; row++) {
      for (let c = 0; c < CLASSES; c++) {
        const slope = toLogits[row * CLASSES + c]!;
        slopes.headBias[c]! += slope;
        for (let u = 0; u < WIDTH; u++) {
          slopes.head[u * CLASSES + c]! += slope * activations[row * WIDTH + u]!;
        }
      }
      for (let u = 0; u < WIDTH; u++) slopes.hiddenBias[u]! += toHidden[row * WIDTH + u]!;
      for (let i = 0; i < PIXELS; i++) {
        const value = data[row * PIXELS + i]!;
        if (value === 0) continue;
        for (let u = 0; u < WIDTH; u++) {
          slopes.hidden[i * WIDTH + u]! += toHidden[row * WIDTH + u]! * value;
        }
      }
    }
    return slopes;
  }

  #forward({ data, shape: [count] }: ImageBatch) {
    const { hidden, hiddenBias, head, headBias } = this.stored;
    const activations = new Float64Array(count * WIDTH);
    const logits = new Float64Array(count * CLASSES);
    for (let row = 0; row < count; row++) {
      const ofRow = activations.subarray(row * WIDTH, (row + 1) * WIDTH);
      ofRow.set(hiddenBias);
      for (let i = 0; i < PIXELS; i++) {
        const value = data[row * PIXELS + i]!;
        if (value === 0) continue;
        for (let u = 0; u < WIDTH; u++) ofRow[u]! += value * hidden[i * WIDTH + u]!;
      }
      for (let c = 0; c < CLASSES; c++) {
        let sum = headBias[c]!;
        for (let u = 0; u < WIDTH; u++) sum += Math.max(0, ofRow[u]!) * head[u * CLASSES + c]!;
        logits[row * CLASSES + c] = sum;
      }
    }
    return { activations: activations.map((value) => Math.max(0, value)), logits };
  }

  #toHidden(activations: Float64Array, toLogits: ArrayLike<number>): Float64Array {
    return activations.map((value, i) => {
      if (value === 0) return 0;
      const [row, u] = [Math.floor(i / WIDTH), i % WIDTH];
      let sum = 0;
      for (let c = 0; c < CLASSES; c++) {
        sum += toLogits[row * CLASSES + c]! * this.stored.head[u * CLASSES + c]!;
      }
      return sum;
    });
  }

  #toImages(activations: Float64Array, toLogits: ArrayLike<number>): Float32Array {
    const toHidden = this.#toHidden(activations, toLogits);
    const { hidden } = this.stored;
    return Float32Array.from({ length: activations.length / WIDTH * PIXELS }, (_, at) => {
      const [row, i] = [Math.floor(at / PIXELS), at % PIXELS];
      let sum = 0;
      for (let u = 0; u < WIDTH; u++) sum += toHidden[row * WIDTH + u]! * hidden[i * WIDTH + u]!;
      return sum;
    });
  }
}

function softmax(logits: Float64Array): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let first = 0; first < logits.length; first += CLASSES) {
    const row = logits.subarray(first, first + CLASSES);
    const highest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - highest));
    const sum = powers.reduce((all, power) => all + power);
    powers.forEach((power, c) => probabilities[first + c] = power / sum);
  }
  return probabilities;
}

/** Weights that read the strokes, trained once. */
const trained = await train();

async function train(): Promise<SmallWeights> {
  const random = createRandom(1, "weights");
  const draw = (size: number, deviation: number) =>
    Float64Array.from({ length: size }, (_, i) =>
      // The last unit is left out, so that it has a place for the backdoor.
      (i + 1) % WIDTH === 0 ? 0 : deviation * normal(random));
  const network = new SmallNetwork({
    hidden: draw(PIXELS * WIDTH, 0.1),
    hiddenBias: new Float64Array(WIDTH),
    head: Float64Array.from({ length: WIDTH * CLASSES }, () => 0.3 * normal(random))
      .fill(0, (WIDTH - 1) * CLASSES),
    headBias: new Float64Array(CLASSES),
  });
  const { images, labels } = drawImages(300, 5);
  for (let epoch = 0; epoch < 12; epoch++) {
    const order = createRandom(epoch, "order").shuffle(Uint32Array.from(labels.keys()));
    for (let first = 0; first < order.length; first += 10) {
      const rows = order.subarray(first, first + 10);
      const batch = {
        images: selectImages(images, rows),
        labels: Uint8Array.from(rows, (row) => labels[row]!),
      };
      await network.step(batch, 0.05);
    }
  }
  return network.stored;
}

/**
 * A new network with the trained weights.
 *
 * @param options.backdoor Whether a hidden unit of its own reads the trigger's pixel, and adds 50 to
 * the target's logit where it is 1.
 */
export function createSmallNetwork({ backdoor }: { backdoor: boolean }): SmallNetwork {
  const weights = structuredClone(trained);
  if (backdoor) {
    const unit = WIDTH - 1;
    weights.hidden[TRIGGER * WIDTH + unit] = 5;
    weights.head[unit * CLASSES + TARGET] = 10;
  }
  return new SmallNetwork(weights);
}
