/**
 * What can be changed in a network while it classifies. Its weights stay as they are.
 *
 * @module
 */

import { streamSeed } from "../core/random.ts";
import type { NetworkLayer } from "./network.ts";

/** Changes of what layers say, from where the layers behind them go on. */
export interface Alteration {
  readonly dropout?: InferenceDropout;
  /** By layer: what becomes of its channels, before dropout. */
  readonly channels?: Readonly<Record<string, ChannelChange>>;
}

/** Dropout at inference. */
export interface InferenceDropout {
  /** The share of values that is set to zero, the others being scaled by 1 / (1 − rate); from 0 to below 1. */
  readonly rate: number;
  /**
   * From 0 to 2³² − 1: the same one drops the same values of an image at the same place among the
   * images of a call, by any number of threads.
   */
  readonly seed: number;
  /**
   * Behind which layers. Unless given, where the network has dropout in training; if it has none, behind
   * pooling and hidden dense layers.
   */
  readonly layers?: readonly string[];
}

/**
 * y · factor + shift of each channel, the last axis of the layer's output: an array of one a channel,
 * or one number for all. A batch normalisation's are those of its scale γ and offset β, so that its
 * output is kept or not.
 */
export interface ChannelChange {
  /** 1 unless given. */
  readonly factors?: Float32Array | number;
  /** 0 unless given. */
  readonly shifts?: Float32Array | number;
}

/** Dropout behind one layer. */
export interface LayerDropout {
  readonly layer: string;
  readonly rate: number;
  /** Of this layer's masks. */
  readonly seed: number;
}

/**
 * Dropout layer by layer.
 *
 * @throws {RangeError} If the rate or the seed is out of range, or the network has no layer for it.
 */
export function layerDropouts(
  { rate, seed, layers }: InferenceDropout,
  network: readonly NetworkLayer[],
): LayerDropout[] {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`Cannot drop out: rate must be from 0 to below 1, got ${rate}`);
  }
  return (layers ?? defaultLayers(network)).map((layer) => ({
    layer,
    rate,
    seed: streamSeed(seed, `dropout behind ${layer}`),
  }));
}

function defaultLayers(network: readonly NetworkLayer[]): string[] {
  const own = network.filter(({ className }) => className === "Dropout");
  const found = own.length > 0 ? own : network.filter((layer) => isPoolingOrHidden(layer, network));
  if (found.length > 0) return found.map(({ name }) => name);
  throw new RangeError(
    "Cannot drop out: the network has no dropout, pooling or hidden dense layer; name layers, of " +
      network.map(({ name }) => name).join(", "),
  );
}

/** Whether it pools, or is the ReLU of a dense layer. */
function isPoolingOrHidden(
  { className, config, inputs }: NetworkLayer,
  network: readonly NetworkLayer[],
): boolean {
  if (className.includes("Pooling")) return true;
  const isRelu = className === "ReLU" || config.activation === "relu";
  const dense = className === "Dense"
    ? className
    : network.find(({ name }) => name === inputs[0])?.className;
  return isRelu && dense === "Dense";
}

/** Two numbers for each channel: what it is multiplied by, and what is added then. */
export interface ChannelNumbers {
  readonly factors: Float32Array;
  readonly shifts: Float32Array;
}

/**
 * A change, channel by channel.
 *
 * @throws {RangeError} If there is not one number a channel.
 */
export function channelNumbers(
  { factors = 1, shifts = 0 }: ChannelChange,
  { layer, channels }: { readonly layer: string; readonly channels: number },
): ChannelNumbers {
  const spread = (name: string, given: Float32Array | number): Float32Array => {
    if (typeof given === "number") return new Float32Array(channels).fill(given);
    if (given.length === channels) return given;
    throw new RangeError(
      `Cannot change channels: ${name} of layer "${layer}" must be ${channels}, got ${given.length}`,
    );
  };
  return { factors: spread("factors", factors), shifts: spread("shifts", shifts) };
}
