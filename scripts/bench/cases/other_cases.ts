/**
 * Pooling, activations, losses and optimizers at the networks' sizes.
 *
 * @module
 */

import { type KernelCase, poolingStruct } from "./kernel_case.ts";
import { type PoolingLayer, poolingLayers } from "./layers.ts";

/** Weights of the article's network: what an optimizer's step goes over. */
const WEIGHTS = 1_199_882;

/** The kernels that are neither products nor convolutions, on so many images. */
export function otherCases(images: number): KernelCase[] {
  return [
    ...poolingLayers.flatMap((layer) => poolingCases(layer, images)),
    ...elementwiseCases(images),
    ...optimizerCases(),
  ];
}

function poolingCases(layer: PoolingLayer, images: number): KernelCase[] {
  const { name, kind, input, channels, window } = layer;
  const size = `${name}: ${input}×${input}×${channels} by ${window}`;
  const output = input / window;
  const fields = poolingStruct(layer);
  const [inputs, outputs] = [images * input ** 2 * channels, images * output ** 2 * channels];
  if (kind === "average") {
    return [
      {
        kernel: "avgPool",
        size,
        prepare(module, arena) {
          const shape = arena.struct(fields);
          const [x, y] = [arena.floats(inputs), arena.bytes(outputs * 4)];
          return () => module.avgPool(shape, images, x, y);
        },
      },
      {
        kernel: "avgPoolGradient",
        size,
        prepare(module, arena) {
          const shape = arena.struct(fields);
          const [dy, dx] = [arena.floats(outputs), arena.bytes(inputs * 4)];
          return () => module.avgPoolGradient(shape, images, dy, dx);
        },
      },
    ];
  }
  return [
    {
      kernel: "maxPool",
      size,
      prepare(module, arena) {
        const shape = arena.struct(fields);
        const [x, y, codes] = [
          arena.floats(inputs),
          arena.bytes(outputs * 4),
          arena.bytes(outputs),
        ];
        return () => module.maxPool(shape, images, x, y, codes);
      },
    },
    {
      kernel: "maxPoolGradient",
      size,
      prepare(module, arena) {
        const shape = arena.struct(fields);
        const [x, dy, dx] = [arena.floats(inputs), arena.floats(outputs), arena.bytes(inputs * 4)];
        return () => module.maxPoolGradient(shape, images, x, dy, dx);
      },
    },
    {
      kernel: "maxPoolGradientFromCodes",
      size,
      prepare(module, arena) {
        const shape = arena.struct(fields);
        const [x, y, codes] = [
          arena.floats(inputs),
          arena.bytes(outputs * 4),
          arena.bytes(outputs),
        ];
        module.maxPool(shape, images, x, y, codes);
        const [dy, dx] = [arena.floats(outputs), arena.bytes(inputs * 4)];
        return () => module.maxPoolGradientFromCodes(shape, images, dy, codes, dx);
      },
    },
  ];
}

function elementwiseCases(images: number): KernelCase[] {
  const pooled = images * 12 * 12 * 64;
  const block = images * 32 * 32 * 16;
  const classes = 10;
  return [
    {
      kernel: "reluGradient",
      size: "resnet group 1: 32×32×16",
      prepare(module, arena) {
        const [y, dy, dx] = [arena.floats(block), arena.floats(block), arena.bytes(block * 4)];
        return () => module.reluGradient(y, dy, block, 1, dx);
      },
    },
    {
      kernel: "add",
      size: "resnet group 1: 32×32×16, with ReLU",
      prepare(module, arena) {
        const [x, y, out] = [arena.floats(block), arena.floats(block), arena.bytes(block * 4)];
        return () => module.add(x, y, block, 1, out);
      },
    },
    {
      kernel: "dropout",
      size: "article dropout1: 12×12×64",
      prepare(module, arena) {
        const [x, y] = [arena.floats(pooled), arena.bytes(pooled * 4)];
        return () => module.dropout(x, pooled, 0, 1, 2 ** 30, 1 / 0.75, y);
      },
    },
    {
      kernel: "sumRows",
      size: "article conv2: 24×24×64",
      prepare(module, arena) {
        const rows = images * 24 * 24;
        const [x, out] = [arena.floats(rows * 64), arena.bytes(64 * 4)];
        return () => module.sumRows(x, rows, 64, out);
      },
    },
    {
      kernel: "addRowSums",
      size: "article conv2: 24×24×64",
      prepare(module, arena) {
        const rows = images * 24 * 24;
        const [x, out] = [arena.floats(rows * 64), arena.bytes(64 * 4)];
        return () => module.addRowSums(x, rows, 64, out);
      },
    },
    {
      kernel: "softmax",
      size: `${classes} classes`,
      prepare(module, arena) {
        const [x, y] = [arena.floats(images * classes), arena.bytes(images * classes * 4)];
        return () => module.softmax(x, images, classes, y);
      },
    },
    {
      kernel: "softmaxCrossEntropyGradient",
      size: `${classes} classes`,
      prepare(module, arena) {
        const logits = arena.floats(images * classes);
        const [labels, p] = [arena.bytes(images), arena.bytes(images * 4)];
        const gradient = arena.bytes(images * classes * 4);
        return () =>
          module.softmaxCrossEntropyGradient(logits, labels, images, classes, 1, p, gradient);
      },
    },
  ];
}

function optimizerCases(): KernelCase[] {
  const size = `article: ${WEIGHTS.toLocaleString("en")} weights`;
  return [
    {
      kernel: "adam",
      size,
      prepare(module, arena) {
        const [weights, gradient] = [arena.floats(WEIGHTS), arena.floats(WEIGHTS)];
        const [first, second] = [arena.bytes(WEIGHTS * 4), arena.bytes(WEIGHTS * 4)];
        const rates = [0.001, 0.9, 0.999, 1, 1e-7, 0] as const;
        return () =>
          module.adam(weights, first, second, gradient, 1, WEIGHTS * 4, WEIGHTS, ...rates);
      },
    },
    {
      kernel: "sgd",
      size,
      prepare(module, arena) {
        const [weights, gradient] = [arena.floats(WEIGHTS), arena.floats(WEIGHTS)];
        const velocity = arena.bytes(WEIGHTS * 4);
        const rates = [0.001, 0.9, 0, 0] as const;
        return () => module.sgd(weights, velocity, gradient, 1, WEIGHTS * 4, WEIGHTS, ...rates);
      },
    },
  ];
}
