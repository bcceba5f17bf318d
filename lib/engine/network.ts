/**
 * A network as plain data: its layers, and where their weights are. It is made of a tfjs model
 * (`model_network.ts`), or of a stored model's topology and tensors (`topology_network.ts`); the
 * engine reads it without tfjs.
 *
 * @module
 */

/** One array of weights. */
export interface Parameter {
  /** tfjs's name, for example `"conv1/kernel"`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether training changes it: it is no moving average, no constant, and its layer not frozen. */
  readonly isTrainable: boolean;
  /** Its values, row-major; not to be changed, and not to be kept beyond the next `write`. */
  read(): Float32Array | Float16Array;
  /** Puts others in their place. */
  write(values: Float32Array<ArrayBuffer>): void;
}

/** What the engine reads of a layer's configuration; names as in tfjs's `getConfig`. */
export interface LayerConfig {
  readonly activation?: unknown;
  readonly kernelSize?: unknown;
  readonly strides?: unknown;
  readonly poolSize?: unknown;
  readonly padding?: unknown;
  readonly dilationRate?: unknown;
  readonly dataFormat?: unknown;
  readonly axis?: unknown;
  readonly momentum?: unknown;
  readonly epsilon?: unknown;
  readonly rate?: unknown;
  readonly maxValue?: unknown;
  readonly [name: string]: unknown;
}

/** One layer, which is used once. */
export interface NetworkLayer {
  readonly name: string;
  /** tfjs's, for example `"Conv2D"`. */
  readonly className: string;
  readonly config: LayerConfig;
  /** Names of the layers that it reads; a name that no layer has stands for the network's input. */
  readonly inputs: readonly string[];
  /** By their own names, for example `"kernel"`. */
  readonly weights: ReadonlyMap<string, Parameter>;
  /** Of dropout that can be repeated: the seed of the mask of a training step, counted from 1. */
  readonly maskSeed?: (step: number) => number;
}

/** A network with one input and one output, that of its last layer. */
export interface Network {
  /** Shape of one image; `null` for an extent that is left open. */
  readonly input: readonly (number | null)[];
  /** Each stands behind those that it reads. */
  readonly layers: readonly NetworkLayer[];
  /** All weights, in tfjs's order. */
  readonly parameters: readonly Parameter[];
}

/** The network has something in it that the engine has no kernels for. */
export class UnsupportedModelError extends Error {
  override readonly name = "UnsupportedModelError";
}
