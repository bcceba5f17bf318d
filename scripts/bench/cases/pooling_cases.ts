/**
 * Poolings of the networks and their gradients.
 *
 * @module
 */

import { type KernelCase, poolingStruct } from "./kernel_case.ts";
import { type PoolingLayer, poolingLayers } from "./layers.ts";

/** The pooling kernels on so many images. */
export function poolingCases(images: number): KernelCase[] {
  return poolingLayers.flatMap((layer) => casesOf(layer, images));
}

function casesOf(layer: PoolingLayer, images: number): KernelCase[] {
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
          return () => module.avgPoolGradient(shape, images, dy, 0, dx);
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
