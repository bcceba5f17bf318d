/**
 * tfjs's operations at the networks' sizes, as plain tfjs: programs run them with the drop-in kernels
 * of `lib/wasm` and, to compare, on the wasm backend as it comes.
 *
 * @module
 */

import * as tf from "../../../lib/core/tfjs.ts";
import {
  convolutionFlops,
  type ConvolutionLayer,
  convolutionLayers,
  type DenseLayer,
  denseLayers,
  formatConvolution,
  type PoolingLayer,
  poolingLayers,
} from "./layers.ts";

/** One kernel of tfjs at one size. */
export interface OperationCase {
  /** tfjs's name of the kernel. */
  readonly kernel: string;
  readonly size: string;
  /** As of a `KernelCase`. */
  readonly flops?: number;
  /** Makes the operands; the backend must be ready. @returns The call. */
  readonly prepare: () => () => tf.Tensor;
}

/** Kernels of tfjs on so many images. */
export function operationCases(images: number): OperationCase[] {
  return [
    ...denseLayers.flatMap((layer) => denseCases(layer, images)),
    ...convolutionLayers.flatMap((layer) => convolutionCases(layer, images)),
    ...poolingLayers.flatMap((layer) => poolingCases(layer, images)),
    ...valueCases(images),
  ];
}

function denseCases({ name, inputs, units }: DenseLayer, images: number): OperationCase[] {
  const size = `${name}: ${images}×${inputs}×${units}`;
  const flops = 2 * images * inputs * units;
  const product = (
    kernel: string,
    [a, b]: readonly [readonly [number, number], readonly [number, number]],
    transpose: { transposeA?: boolean; transposeB?: boolean },
  ): OperationCase => ({
    kernel,
    size,
    flops,
    prepare() {
      const operands = [random(a), random(b)] as const;
      return () => tf.matMul(...operands, transpose.transposeA, transpose.transposeB);
    },
  });
  return [
    {
      kernel: "_FusedMatMul with ReLU",
      size,
      flops,
      prepare() {
        const operands = { a: random([images, inputs]), b: random([inputs, units]) };
        const bias = random([units]);
        return () => tf.fused.matMul({ ...operands, bias, activation: "relu" });
      },
    },
    product("BatchMatMul, aᵀ·b", [[images, inputs], [images, units]], { transposeA: true }),
    product("BatchMatMul, a·bᵀ", [[images, units], [inputs, units]], { transposeB: true }),
  ];
}

function convolutionCases(layer: ConvolutionLayer, images: number): OperationCase[] {
  const { input, inChannels, filter, filters, output, stride, padding } = layer;
  const common = { size: formatConvolution(layer), flops: convolutionFlops(layer, images) };
  const xShape = [images, input, input, inChannels];
  const filterShape = [filter, filter, inChannels, filters];
  const yShape = [images, output, output, filters];
  const attributes = {
    strides: [stride, stride],
    pad: padding,
    dataFormat: "NHWC",
    dilations: [1, 1],
  };
  return [
    {
      ...common,
      kernel: "FusedConv2D with ReLU",
      prepare() {
        const operands = {
          x: random<tf.Rank.R4>(xShape),
          filter: random<tf.Rank.R4>(filterShape),
          bias: random([filters]),
        };
        return () =>
          tf.fused.conv2d({ ...operands, strides: stride, pad: padding, activation: "relu" });
      },
    },
    {
      ...common,
      kernel: "Conv2DBackpropInput",
      prepare() {
        const operands = { dy: random(yShape), filter: random(filterShape) };
        return () => run("Conv2DBackpropInput", operands, { ...attributes, inputShape: xShape });
      },
    },
    {
      ...common,
      kernel: "Conv2DBackpropFilter",
      prepare() {
        const operands = { x: random(xShape), dy: random(yShape) };
        return () => run("Conv2DBackpropFilter", operands, { ...attributes, filterShape });
      },
    },
  ];
}

function poolingCases(
  { name, kind, input, channels, window }: PoolingLayer,
  images: number,
): OperationCase[] {
  const size = `${name}: ${input}×${input}×${channels} by ${window}`;
  const xShape = [images, input, input, channels];
  const yShape = [images, input / window, input / window, channels];
  const attributes = { filterSize: window, strides: window, pad: "valid" };
  const pool = kind === "max" ? "MaxPool" : "AvgPool";
  return [
    {
      kernel: pool,
      size,
      prepare() {
        const x = random(xShape);
        return () => run(pool, { x }, attributes);
      },
    },
    {
      kernel: `${pool}Grad`,
      size,
      prepare() {
        const x = random(xShape);
        const operands = { dy: random(yShape), input: x, output: run(pool, { x }, attributes) };
        return () => run(`${pool}Grad`, operands, attributes);
      },
    },
  ];
}

/** What goes over values once; a gradient's time is with its forward pass. */
function valueCases(images: number): OperationCase[] {
  const valueCase = (
    kernel: string,
    size: string,
    prepare: OperationCase["prepare"],
  ): OperationCase => ({ kernel, size, prepare });
  const output = [images, 24, 24, 64];
  const block = [images, 32, 32, 16];
  return [
    valueCase("Sum over all but channels", "article conv2: 24×24×64", () => {
      const dy = random(output);
      return () => tf.sum(dy, [0, 1, 2]);
    }),
    valueCase("Mean over all but channels", "resnet group 1: 32×32×16", () => {
      const x = random(block);
      return () => tf.mean(x, [0, 1, 2]);
    }),
    valueCase("gradient of Relu", "article conv2: 24×24×64", () => {
      const [x, dy] = [random(output), random(output)];
      const gradient = tf.grad((x) => tf.relu(x));
      return () => gradient(x, dy);
    }),
    valueCase("FusedBatchNorm", "resnet group 1: 32×32×16", () => {
      const x = random(block);
      const [mean, offset] = [random<tf.Rank.R1>([16]), random<tf.Rank.R1>([16])];
      const [variance, scale] = [tf.ones<tf.Rank.R1>([16]), tf.ones<tf.Rank.R1>([16])];
      return () => tf.batchNorm(x, mean, variance, offset, scale);
    }),
    valueCase("gradient of batch normalisation", "resnet group 1: 32×32×16", () => {
      const [x, dy] = [random(block), random(block)];
      const [offset, scale] = [tf.zeros<tf.Rank.R1>([16]), tf.ones<tf.Rank.R1>([16])];
      const gradient = tf.grad((x) => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]) as {
          mean: tf.Tensor1D;
          variance: tf.Tensor1D;
        };
        return tf.batchNorm(x, mean, variance, offset, scale);
      });
      return () => tf.tidy(() => gradient(x, dy));
    }),
  ];
}

function run(kernel: string, operands: tf.NamedTensorMap, attributes: object): tf.Tensor {
  return tf.engine().runKernel(kernel, operands, attributes as tf.NamedAttrMap) as tf.Tensor;
}

/** Values in −0.5–0.5. */
function random<R extends tf.Rank>(shape: readonly number[]): tf.Tensor<R> {
  return tf.randomUniform<R>([...shape] as tf.ShapeMap[R], -0.5, 0.5, "float32", 1);
}
