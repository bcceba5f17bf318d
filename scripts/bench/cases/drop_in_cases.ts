/**
 * Kernels that tfjs programs use and no network of the project does, at sizes of common networks.
 *
 * @module
 */

import { formatCount } from "../../../lib/core/format.ts";
import { convolutionStruct, type KernelCase } from "./kernel_case.ts";
import type { ConvolutionLayer } from "./layers.ts";

/** A layer of a small MobileNet; a depthwise convolution's struct is a convolution's. */
const depthwise: ConvolutionLayer = {
  name: "depthwise",
  input: 16,
  inChannels: 64,
  filter: 3,
  filters: 64,
  stride: 1,
  padding: "same",
  output: 16,
};

/** The gradient of looking up so many rows a sentence in a table. */
const lookUp = { length: 64, columns: 64, segments: 10_000 } as const;

/** Gradients of depthwise convolutions of so many images, and of looking up as many sentences. */
export function dropInCases(images: number): KernelCase[] {
  const { input, inChannels, filter } = depthwise;
  const values = images * input ** 2 * inChannels;
  const common = {
    size: `${input}×${input}×${inChannels}, ${filter}×${filter}`,
    flops: 2 * values * filter ** 2,
  };
  const { length, columns, segments } = lookUp;
  const rows = images * length;
  return [
    {
      ...common,
      kernel: "depthwiseFilterGradient",
      prepare(module, arena) {
        const shape = arena.struct(convolutionStruct(depthwise));
        const [x, dy] = [arena.floats(values), arena.floats(values)];
        const dFilter = arena.bytes(filter ** 2 * inChannels * 4);
        return () => module.depthwiseFilterGradient(shape, images, x, dy, dFilter);
      },
    },
    {
      ...common,
      kernel: "depthwiseInputGradient",
      prepare(module, arena) {
        const shape = arena.struct(convolutionStruct(depthwise));
        const [dy, weights] = [arena.floats(values), arena.floats(filter ** 2 * inChannels)];
        const dx = arena.bytes(values * 4);
        return () => module.depthwiseInputGradient(shape, images, dy, weights, dx);
      },
    },
    {
      kernel: "unsortedSegmentSum",
      size: `${formatCount(rows)}×${columns} into ${formatCount(segments)}`,
      prepare(module, arena) {
        const x = arena.floats(rows * columns);
        // 7919 is prime to the number of segments: the rows are spread over all of them.
        const ids = arena.struct(Array.from({ length: rows }, (_, row) => row * 7919 % segments));
        const out = arena.bytes(segments * columns * 4);
        return () => module.unsortedSegmentSum(x, ids, rows, columns, segments, out);
      },
    },
  ];
}
