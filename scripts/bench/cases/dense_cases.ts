/**
 * The dense kernels at the networks' sizes.
 *
 * @module
 */

import { convolutionStruct, type KernelCase } from "./kernel_case.ts";
import {
  convolutionFlops,
  type ConvolutionLayer,
  convolutionLayers,
  denseLayers,
  formatConvolution,
} from "./layers.ts";

/** Matrix products and convolutions of so many images. */
export function denseCases(images: number): KernelCase[] {
  return [
    // Of the size by which products were compared while the tiles were chosen.
    matMul("384×64×288", { m: 384, n: 64, k: 288 }),
    ...denseLayers.flatMap(({ name, inputs, units }) => [
      matMul(`${name}, 1 image`, { m: 1, n: units, k: inputs }),
      matMul(`${name}, forward`, { m: images, n: units, k: inputs }),
      matMul(`${name}, to weights`, { m: inputs, n: units, k: images, transposeA: true }),
      matMul(`${name}, to input`, { m: images, n: inputs, k: units, transposeB: true }),
    ]),
    ...convolutionLayers.filter(isTransformed).map(prepareFilter),
    ...convolutionLayers.map((layer) => forward(layer, images)),
    // The first layer's is asked for by attacks on images alone.
    ...convolutionLayers.map((layer) => inputGradient(layer, images)),
    ...convolutionLayers.map((layer) => filterGradient(layer, images)),
  ];
}

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

function matMul(
  what: string,
  { m, n, k, transposeA = false, transposeB = false }: Product,
): KernelCase {
  const sizes = `${m}×${n}×${k}`;
  return {
    kernel: "matMul",
    size: what === sizes ? sizes : `${what}: ${sizes}`,
    flops: 2 * m * n * k,
    prepare(module, arena) {
      const [a, b, c] = [arena.floats(m * k), arena.floats(k * n), arena.bytes(m * n * 4)];
      const [aRow, aStep] = transposeA ? [4, m * 4] : [k * 4, 4];
      const [bRow, bStep] = transposeB ? [4, k * 4] : [n * 4, 4];
      const scratch = arena.bytes(module.matMulScratch(n, k));
      return () => module.matMul(a, aRow, aStep, b, bRow, bStep, c, n * 4, m, n, k, 0, 0, scratch);
    },
  };
}

/** The sizes of a layer's tensors, in values. */
function sizesOf({ input, inChannels, output, filters, filter }: ConvolutionLayer) {
  return {
    x: input ** 2 * inChannels,
    y: output ** 2 * filters,
    filter: filter ** 2 * inChannels * filters,
  };
}

/** Whether preparing a filter is Winograd's transform, and not moving values alone. */
function isTransformed({ filter, stride, inChannels }: ConvolutionLayer): boolean {
  return (filter === 3 || filter === 5) && stride === 1 && inChannels >= 16;
}

/** It takes as long for one image as for a batch. */
function prepareFilter(layer: ConvolutionLayer): KernelCase {
  return {
    kernel: "conv2dPrepare",
    size: formatConvolution(layer),
    prepare(module, arena) {
      const shape = arena.struct(convolutionStruct(layer));
      const filter = arena.floats(sizesOf(layer).filter);
      const prepared = arena.bytes(module.conv2dPreparedBytes(shape));
      return () => module.conv2dPrepare(shape, filter, prepared);
    },
  };
}

function forward(layer: ConvolutionLayer, images: number): KernelCase {
  const sizes = sizesOf(layer);
  return {
    kernel: "conv2d",
    size: formatConvolution(layer),
    flops: convolutionFlops(layer, images),
    prepare(module, arena) {
      const shape = arena.struct(convolutionStruct(layer));
      const prepared = arena.bytes(module.conv2dPreparedBytes(shape));
      module.conv2dPrepare(shape, arena.floats(sizes.filter), prepared);
      const [x, y] = [arena.floats(images * sizes.x), arena.bytes(images * sizes.y * 4)];
      const bias = arena.floats(layer.filters);
      const scratch = arena.bytes(module.conv2dScratch(shape));
      return () => module.conv2d(shape, images, x, prepared, y, bias, 0, scratch);
    },
  };
}

function inputGradient(layer: ConvolutionLayer, images: number): KernelCase {
  const sizes = sizesOf(layer);
  return {
    kernel: "conv2dInputGradient",
    size: formatConvolution(layer),
    flops: convolutionFlops(layer, images),
    prepare(module, arena) {
      const shape = arena.struct(convolutionStruct(layer));
      const prepared = arena.bytes(module.conv2dInputGradientPreparedBytes(shape));
      module.conv2dInputGradientPrepare(shape, arena.floats(sizes.filter), prepared);
      const [dy, dx] = [arena.floats(images * sizes.y), arena.bytes(images * sizes.x * 4)];
      const scratch = arena.bytes(module.conv2dInputGradientScratch(shape));
      return () => module.conv2dInputGradient(shape, images, dy, prepared, dx, 0, scratch);
    },
  };
}

function filterGradient(layer: ConvolutionLayer, images: number): KernelCase {
  const sizes = sizesOf(layer);
  return {
    kernel: "conv2dFilterGradient",
    size: formatConvolution(layer),
    flops: convolutionFlops(layer, images),
    prepare(module, arena) {
      const shape = arena.struct(convolutionStruct(layer));
      const [x, dy] = [arena.floats(images * sizes.x), arena.floats(images * sizes.y)];
      const dFilter = arena.bytes(sizes.filter * 4);
      const scratch = arena.bytes(module.conv2dFilterGradientScratch(shape, images));
      return () => module.conv2dFilterGradient(shape, images, x, dy, dFilter, scratch);
    },
  };
}
