/**
 * Layers by what they are for: which one is the head, which parameters are frozen, and a beginning anew.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { Engine, EngineLayer } from "./engine.ts";
import { product } from "./graph.ts";
import type { NetworkLayer, Parameter } from "./network.ts";

/**
 * The name of the head: the last dense layer.
 *
 * @throws {RangeError} If there is none.
 */
export function headOf({ layers }: { readonly layers: readonly EngineLayer[] }): string {
  const head = layers.findLast(({ className }) => className === "Dense");
  if (head !== undefined) return head.name;
  throw new RangeError("Cannot find the head: the network has no dense layer; name another layer");
}

/**
 * Lets a layer begin anew: kernel and bias uniform in ±1/√(inputs of a unit), PyTorch's own beginning of
 * dense layers, by which the head begins again in feature shift tuning (FST).
 *
 * @param options `layer`: with a kernel; `seed`: from 0 to 2³² − 1.
 * @throws {RangeError} If there is no such layer, or it has no kernel.
 */
export function reinitialise(
  engine: Pick<Engine, "layers" | "setWeights">,
  { layer, seed }: { readonly layer: string; readonly seed: number },
): void {
  const { kernel, bias } = engine.layers.find(({ name }) => name === layer)?.weights ?? {};
  if (kernel === undefined) {
    throw new RangeError(
      `Cannot begin anew: layer must be one with a kernel, got "${layer}"`,
    );
  }
  const { uniform } = createRandom(seed, `reinitialise ${layer}`);
  const most = 1 / Math.sqrt(product(kernel.slice(0, -1)));
  const draw = (shape: readonly number[]) =>
    Float32Array.from({ length: product(shape) }, () => most * (2 * uniform() - 1));
  engine.setWeights(layer, { kernel: draw(kernel), ...bias && { bias: draw(bias) } });
}

/** A network's layers as an engine tells of them. */
export function describeLayers(layers: readonly NetworkLayer[]): EngineLayer[] {
  return layers.map(({ name, className, weights }) => ({
    name,
    className,
    weights: Object.fromEntries([...weights].map(([own, { shape }]) => [own, shape])),
  }));
}

/**
 * The parameters of layers that are frozen.
 *
 * @throws {RangeError} If there is no such layer, or it has no weights.
 */
export function frozenParameters(
  layers: readonly NetworkLayer[],
  frozen: readonly string[],
): Set<Parameter> {
  return new Set(frozen.flatMap((layer) => {
    const weights = layers.find(({ name }) => name === layer)?.weights;
    if (weights !== undefined && weights.size > 0) return [...weights.values()];
    const able = layers.filter(({ weights }) => weights.size > 0).map(({ name }) => name);
    throw new RangeError(
      `Cannot freeze a layer: it must be one with weights, of ${able.join(", ")}, got "${layer}"`,
    );
  }));
}
