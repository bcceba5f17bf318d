/**
 * Changes of what layers say at inference: of their channels, then dropout.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import { type Node, sizeOf } from "../graph.ts";
import { type Argument, type Block, type Call, call } from "../plan.ts";

/** A change of one layer's output, which is a node's. By how much, the settings of a run say. */
export interface Change {
  readonly kind: "channels" | "dropout";
  readonly layer: string;
  readonly node: Node;
}

/** What a program changes. */
export interface Changes {
  /** In the network's order. */
  readonly outputs: readonly Change[];
  /** Whether scales and offsets of all batch normalisations are given, in place of the network's. */
  readonly norms: boolean;
}

/** Numbers of a layer's channels, `(3, channels)`: factors, shifts, zeros. The setting is an address. */
export function channelsSetting(layer: string): string {
  return `channels of ${layer}`;
}

/** Scale or offset of a batch normalisation, `(channels)`. The setting is an address. */
export function normSetting(node: Node, what: "gamma" | "beta"): string {
  return `${what} of ${node.name}`;
}

/** Settings of dropout behind a layer: numbers. */
export function dropoutSettings(
  { layer, node }: Pick<Change, "layer" | "node">,
  { rate, seed, first }: { readonly rate: number; readonly seed: number; readonly first: number },
): Record<string, number> {
  return {
    [dropoutSetting(layer, "first")]: first * sizeOf(node),
    [dropoutSetting(layer, "seed")]: seed,
    [dropoutSetting(layer, "threshold")]: Math.floor(rate * 2 ** 32),
    [dropoutSetting(layer, "scale")]: 1 / (1 - rate),
  };
}

type DropoutSetting = "first" | "seed" | "threshold" | "scale";

function dropoutSetting(layer: string, what: DropoutSetting): string {
  return `${what} of dropout behind ${layer}`;
}

/** Changes a node's output in place, where there is anything to change. */
export function alter(node: Node, { outputs }: Changes, builder: Builder): void {
  const y = builder.output(node);
  for (const change of outputs.filter((each) => each.node === node)) {
    const callOf = change.kind === "channels" ? channelsCall : dropoutCall;
    builder.images({
      reads: [y],
      writes: [y],
      run: (block) => [callOf(change, block, block.at(y))],
    });
  }
}

function channelsCall({ layer, node }: Change, { count }: Block, y: Argument): Call {
  const width = node.shape.at(-1)!;
  const numbers: Argument = { setting: channelsSetting(layer), plus: 0 };
  return call("batchNormApply", y, count * sizeOf(node) / width, width, numbers, 0, 0, y);
}

function dropoutCall({ layer, node }: Change, { count, first }: Block, y: Argument): Call {
  const size = sizeOf(node);
  const setting = (what: DropoutSetting, plus = 0): Argument => ({
    setting: dropoutSetting(layer, what),
    plus,
  });
  return call(
    "dropout",
    y,
    count * size,
    setting("first", first * size),
    setting("seed"),
    setting("threshold"),
    setting("scale"),
    y,
  );
}
