/**
 * The kernels that skip zeros, where the article's network has them: of gradients, behind max pooling,
 * and behind dropout and ReLU; of a dense layer's input.
 *
 * @module
 */

import type { KernelModule } from "../../../lib/wasm/module.ts";
import type { Arena } from "./arena.ts";
import { convolutionStruct, type KernelCase, poolingStruct } from "./kernel_case.ts";
import { convolutionLayers, denseLayers, formatConvolution, poolingLayers } from "./layers.ts";

/**
 * The shares of values that are not zero: of the pooling's gradient in training, of dense1's gradient,
 * and of dense1's input.
 */
const DENSITY = { pooled: 0.45, dense: 0.25, input: 0.17 } as const;

const convolution = convolutionLayers.find(({ name }) => name === "article conv2")!;
const pooling = poolingLayers.find(({ name }) => name === "article pool")!;
const dense = denseLayers.find(({ name }) => name === "article dense1")!;

/** The sparse kernels; those of a convolution take one image, and are called for each. */
export function sparseCases(images: number): KernelCase[] {
  return [...convolutionCases(images), ...denseCases(images)];
}

const pooledSize = (pooling.input / pooling.window) ** 2 * pooling.channels;
const inputSize = convolution.input ** 2 * convolution.inChannels;
const outputSize = convolution.output ** 2 * convolution.filters;
const windowSize = convolution.filter ** 2 * convolution.inChannels;

/** Operands of the convolution's kernels, for each image its own. */
function placeLists(module: KernelModule, arena: Arena, images: number) {
  const shape = arena.struct(convolutionStruct(convolution));
  const pool = arena.struct(poolingStruct(pooling));
  const x = arena.floats(images * outputSize);
  const codes = arena.bytes(images * pooledSize);
  module.maxPool(pool, images, x, arena.bytes(images * pooledSize * 4), codes);
  const gradient = arena.floats(images * pooledSize, DENSITY.pooled);
  const listsBytes = module.conv2dListsBytes(shape);
  const lists = arena.bytes(images * listsBytes);
  const makeLists = () => {
    for (let image = 0; image < images; image++) {
      module.conv2dListsFromPool(
        shape,
        pool,
        gradient + image * pooledSize * 4,
        codes + image * pooledSize,
        lists + image * listsBytes,
      );
    }
  };
  makeLists();
  return { shape, lists, listsBytes, makeLists };
}

function convolutionCases(images: number): KernelCase[] {
  const size = formatConvolution(convolution);
  const flops = 2 * images * pooledSize * DENSITY.pooled * windowSize;
  return [
    {
      kernel: "countNonZero",
      size,
      prepare(module, arena) {
        const count = images * outputSize;
        const dy = arena.floats(count, DENSITY.pooled / pooling.window ** 2);
        return () => module.countNonZero(dy, count);
      },
    },
    {
      kernel: "conv2dListsFromDense",
      size,
      prepare(module, arena) {
        const shape = arena.struct(convolutionStruct(convolution));
        const dy = arena.floats(images * outputSize, DENSITY.pooled / pooling.window ** 2);
        const lists = arena.bytes(module.conv2dListsBytes(shape));
        return () => {
          for (let image = 0; image < images; image++) {
            module.conv2dListsFromDense(shape, dy + image * outputSize * 4, lists);
          }
        };
      },
    },
    {
      kernel: "conv2dListsFromPool",
      size,
      prepare: (module, arena) => placeLists(module, arena, images).makeLists,
    },
    {
      kernel: "conv2dFilterGradientSparse",
      size,
      flops,
      prepare(module, arena) {
        const { shape, lists, listsBytes } = placeLists(module, arena, images);
        const x = arena.floats(images * inputSize);
        const dFilter = arena.bytes(windowSize * convolution.filters * 4);
        const dBias = arena.bytes(convolution.filters * 4);
        const scratch = arena.bytes(module.conv2dFilterGradientSparseScratch(shape));
        return () => {
          for (let image = 0; image < images; image++) {
            module.conv2dFilterGradientSparse(
              shape,
              x + image * inputSize * 4,
              lists + image * listsBytes,
              dFilter,
              dBias,
              scratch,
            );
          }
        };
      },
    },
    {
      kernel: "conv2dInputGradientSparse",
      size,
      flops,
      prepare(module, arena) {
        const { shape, lists, listsBytes } = placeLists(module, arena, images);
        const prepared = arena.bytes(module.conv2dInputGradientSparsePreparedBytes(shape));
        const filter = arena.floats(windowSize * convolution.filters);
        module.conv2dInputGradientSparsePrepare(shape, filter, prepared);
        const dx = arena.bytes(images * inputSize * 4);
        const scratch = arena.bytes(module.conv2dInputGradientSparseScratch(shape));
        return () => {
          for (let image = 0; image < images; image++) {
            module.conv2dInputGradientSparse(
              shape,
              lists + image * listsBytes,
              prepared,
              dx + image * inputSize * 4,
              scratch,
            );
          }
        };
      },
    },
  ];
}

function denseCases(images: number): KernelCase[] {
  const { name, inputs, units } = dense;
  const size = `${name}: ${images}×${inputs}×${units}`;
  const flops = 2 * images * units * DENSITY.dense * inputs;
  const pitch = inputs * 4;
  const placeLists = (module: KernelModule, arena: Arena) => {
    const dz = arena.floats(images * units, DENSITY.dense);
    const lists = arena.bytes(module.denseListsBytes(images, units));
    const makeLists = () => module.denseLists(dz, images, units, lists);
    makeLists();
    return { lists, makeLists };
  };
  return [
    denseForward(1),
    denseForward(images),
    {
      kernel: "denseLists",
      size,
      prepare: (module, arena) => placeLists(module, arena).makeLists,
    },
    {
      kernel: "denseInputGradientSparse",
      size,
      flops,
      prepare(module, arena) {
        const { lists } = placeLists(module, arena);
        const [wT, dx] = [arena.floats(units * inputs), arena.bytes(images * pitch)];
        return () =>
          module.denseInputGradientSparse(lists, images, units, wT, pitch, 0, inputs, dx, pitch);
      },
    },
    {
      kernel: "denseWeightGradientSparse",
      size,
      flops,
      prepare(module, arena) {
        const { lists } = placeLists(module, arena);
        const [x, dWT] = [arena.floats(images * inputs), arena.bytes(units * pitch)];
        return () =>
          module.denseWeightGradientSparse(lists, images, units, x, pitch, 0, inputs, dWT, pitch);
      },
    },
  ];
}

function denseForward(images: number): KernelCase {
  const { name, inputs, units } = dense;
  return {
    kernel: "denseForward",
    size: `${name}: ${images}×${inputs}×${units}`,
    flops: 2 * images * units * DENSITY.input * inputs,
    prepare(module, arena) {
      const x = arena.floats(images * inputs, DENSITY.input);
      const [w, bias] = [arena.floats(inputs * units), arena.floats(units)];
      const y = arena.bytes(images * units * 4);
      const scratch = arena.bytes(module.denseForwardScratch(inputs, units));
      const pitch = units * 4;
      return () =>
        module.denseForward(x, images, inputs, w, pitch, units, bias, 0, y, pitch, scratch);
    },
  };
}
