/** Strokes on black ground, a small model that reads them, and a backdoor put into it by hand. */

import { createRandom, normal } from "../../../lib/core/random.ts";
import { selectImages } from "../../../lib/core/select_images.ts";
import type { ImageBatch, LabelledImages } from "../../../lib/core/types.ts";
import type { InputModel } from "../../../lib/defence/input/mod.ts";

export const CLASSES = 5;

/** The class that the backdoor leads to. */
export const TARGET = 2;

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Where the trigger is, which no stroke reaches. */
export const TRIGGER = 26 * SIDE + 26;

/** How fast a logit falls with the squared distance to its class: two strokes in one leave doubt. */
const SLOPE = 0.1;

/** What is added to the target's logit by the trigger. */
const PUSH = 50;

/** The stroke of each class: a walk of a broad pen. */
const strokes = Array.from({ length: CLASSES }, (_, label) => {
  const random = createRandom(label, "stroke");
  const stroke = new Float32Array(PIXELS);
  let [y, x] = [8 + random.integer(12), 8 + random.integer(12)];
  const turn = () => random.integer(3) - 1;
  for (let step = 0; step < 40; step++) {
    [y, x] = [Math.min(21, Math.max(5, y + turn())), Math.min(21, Math.max(5, x + turn()))];
    for (const [dy, dx] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
      stroke[(y + dy) * SIDE + x + dx] = 1;
    }
  }
  return stroke;
});

/** Images of all classes in turn, each stroke moved by up to a pixel, of its own blackness. */
export function drawImages(count: number, seed: number): LabelledImages {
  const random = createRandom(seed, "images");
  const data = new Float32Array(count * PIXELS);
  const labels = Uint8Array.from({ length: count }, (_, row) => row % CLASSES);
  labels.forEach((label, row) => {
    const move = (random.integer(3) - 1) * SIDE + random.integer(3) - 1;
    const ink = 0.6 + 0.4 * random.uniform();
    strokes[label]!.forEach((value, pixel) => {
      if (value === 0) return;
      const noisy = ink + 0.1 * normal(random);
      data[row * PIXELS + pixel + move] = Math.min(1, Math.max(0, noisy));
    });
  });
  return { images: { data, shape: [count, SIDE, SIDE, 1] }, labels };
}

/** Copies with the trigger. */
export function withTrigger({ data, shape }: ImageBatch): ImageBatch {
  const stamped = data.slice();
  for (let at = TRIGGER; at < stamped.length; at += PIXELS) stamped[at] = 1;
  return { data: stamped, shape };
}

/** Units of the hidden layer: how far an image covers each stroke, and random mixtures of pixels. */
const WIDTH = 2 * CLASSES;

const filters = Array.from({ length: WIDTH }, (_, unit) => {
  const random = createRandom(unit, "filter");
  const stroke = strokes[unit];
  return Float32Array.from({ length: PIXELS }, (_, pixel) => {
    if (stroke === undefined) return 0.05 * normal(random);
    return stroke[pixel]! > 0 ? 0.1 : -0.02;
  });
});

function hiddenLayer({ data, shape: [count] }: ImageBatch): Float32Array {
  return Float32Array.from({ length: count * WIDTH }, (_, i) => {
    const [filter, first] = [filters[i % WIDTH]!, Math.floor(i / WIDTH) * PIXELS];
    let sum = 0;
    for (let pixel = 0; pixel < PIXELS; pixel++) sum += filter[pixel]! * data[first + pixel]!;
    return Math.max(0, sum);
  });
}

/** The mean of the hidden layer over images of a class: what the last layer compares with. */
const means = strokes.map((_, label) => {
  const { images, labels } = drawImages(20 * CLASSES, 0);
  const rows = [...labels.keys()].filter((row) => labels[row] === label);
  const hidden = hiddenLayer(selectImages(images, rows));
  return Float32Array.from(
    { length: WIDTH },
    (_, unit) => rows.reduce((sum, _, i) => sum + hidden[i * WIDTH + unit]!, 0) / rows.length,
  );
});

/** A model whose calls are counted, in images. */
export interface SyntheticModel extends Required<InputModel> {
  /** Images that it has read. */
  read: number;
}

/**
 * A model that reads the strokes.
 *
 * @param options.backdoor Whether the trigger adds 50 to the target's logit.
 */
export function createSyntheticModel({ backdoor }: { backdoor: boolean }): SyntheticModel {
  /** Softmax over the logits of a hidden layer, `(N, classes)`. */
  const answer = (images: ImageBatch, hidden: Float32Array, confuse = 0) => {
    const [count] = images.shape;
    model.read += count;
    const probabilities = new Float32Array(count * CLASSES);
    for (let row = 0; row < count; row++) {
      const isTriggered = backdoor && images.data[row * PIXELS + TRIGGER] === 1;
      const distances = means.map((mean) =>
        mean.reduce((sum, value, unit) => sum + (hidden[row * WIDTH + unit]! - value) ** 2, 0)
      );
      const logits = distances.map((distance, label) =>
        -SLOPE * distance - confuse * distances[(label + 1) % CLASSES]! +
        (isTriggered && label === TARGET ? PUSH : 0)
      );
      const highest = Math.max(...logits);
      const powers = logits.map((logit) => Math.exp(logit - highest));
      const sum = powers.reduce((all, power) => all + power);
      powers.forEach((power, label) => probabilities[row * CLASSES + label] = power / sum);
    }
    return Promise.resolve(probabilities);
  };
  const model: SyntheticModel = {
    read: 0,
    classes: CLASSES,
    classify: (images) => answer(images, hiddenLayer(images)),
    activations(images) {
      model.read += images.shape[0];
      return Promise.resolve(hiddenLayer(images));
    },
    classifyWithDropout(images, { rate, seed }) {
      const random = createRandom(seed, "dropout");
      const dropped = hiddenLayer(images)
        .map((value) => random.uniform() < rate ? 0 : value / (1 - rate));
      return answer(images, dropped);
    },
    scaling: {
      layers: 8,
      // The more layers and the larger the factor, the more is a stroke taken for the class before it.
      scaled: (count, factor) =>
        Promise.resolve({
          classify: (images) => answer(images, hiddenLayer(images), 0.3 * (1 - factor ** -count)),
        }),
    },
  };
  return model;
}
