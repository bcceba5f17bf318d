/**
 * The layers of the project's networks that take time, as sizes.
 *
 * @module
 */

/** A convolution of square images by square filters. */
export interface ConvolutionLayer {
  /** Network and layer. */
  readonly name: string;
  readonly input: number;
  readonly inChannels: number;
  readonly filter: number;
  readonly filters: number;
  readonly stride: number;
  readonly padding: "valid" | "same";
  /** Height and width of the result. */
  readonly output: number;
}

/** A dense layer. */
export interface DenseLayer {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
}

/** A pooling of square images by windows that do not overlap. */
export interface PoolingLayer {
  readonly name: string;
  readonly kind: "max" | "average";
  readonly input: number;
  readonly channels: number;
  readonly window: number;
}

function convolution(
  name: string,
  [input, inChannels]: readonly [number, number],
  [filter, filters]: readonly [number, number],
  { stride = 1, padding = "valid" }: { stride?: number; padding?: "valid" | "same" } = {},
): ConvolutionLayer {
  const output = Math.ceil((padding === "same" ? input : input - filter + 1) / stride);
  return { name, input, inChannels, filter, filters, stride, padding, output };
}

/** Each convolution's size once; `resnet` on 32×32×3, the others on 28×28×1. */
export const convolutionLayers: readonly ConvolutionLayer[] = [
  convolution("article conv1", [28, 1], [3, 32]),
  convolution("article conv2", [26, 32], [3, 64]),
  convolution("badnets conv1", [28, 1], [5, 16]),
  convolution("badnets conv2", [12, 16], [5, 32]),
  convolution("resnet first", [32, 3], [3, 16], { padding: "same" }),
  convolution("resnet group 1", [32, 16], [3, 16], { padding: "same" }),
  convolution("resnet into group 2", [32, 16], [3, 32], { padding: "same", stride: 2 }),
  convolution("resnet shortcut 2", [32, 16], [1, 32], { padding: "same", stride: 2 }),
  convolution("resnet group 2", [16, 32], [3, 32], { padding: "same" }),
  convolution("resnet into group 3", [16, 32], [3, 64], { padding: "same", stride: 2 }),
  convolution("resnet group 3", [8, 64], [3, 64], { padding: "same" }),
];

/** Each dense layer but the last ones, which take no time. */
export const denseLayers: readonly DenseLayer[] = [
  { name: "article dense1", inputs: 9216, units: 128 },
  { name: "badnets dense1", inputs: 512, units: 512 },
];

/** Each pooling. */
export const poolingLayers: readonly PoolingLayer[] = [
  { name: "article pool", kind: "max", input: 24, channels: 64, window: 2 },
  { name: "badnets pool1", kind: "average", input: 24, channels: 16, window: 2 },
  { name: "badnets pool2", kind: "average", input: 8, channels: 32, window: 2 },
];

/** Arithmetic operations of a convolution of so many images: a multiply-add is two. */
export function convolutionFlops(
  { output, filters, filter, inChannels }: ConvolutionLayer,
  images: number,
): number {
  return 2 * images * output ** 2 * filters * filter ** 2 * inChannels;
}

/** `"article conv2: 26×26×32 → 24×24×64, 3×3"`. */
export function formatConvolution(
  { name, input, inChannels, output, filters, filter, stride }: ConvolutionLayer,
): string {
  const by = stride === 1 ? "" : ` by ${stride}`;
  return `${name}: ${input}×${input}×${inChannels} → ${output}×${output}×${filters}, ` +
    `${filter}×${filter}${by}`;
}
