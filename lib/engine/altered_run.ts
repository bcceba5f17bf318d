/**
 * What an alteration is to the compiled engine: changes that a program makes, and the numbers for them.
 *
 * @module
 */

import {
  type Alteration,
  type ChannelChange,
  channelNumbers,
  layerDropouts,
} from "./alteration.ts";
import { type Graph, isKind, keptNode, type Node } from "./graph.ts";
import type { NetworkLayer } from "./network.ts";
import {
  type Change,
  type Changes,
  channelsSetting,
  dropoutSettings,
  normSetting,
} from "./operations/alter.ts";
import type { Weights } from "./weights.ts";

/** An alteration of one network, with its weights of this moment. */
export interface AlteredRun {
  /** Differs where the changes differ; not where only their numbers do. */
  readonly name: string;
  readonly changes: Changes;
  /** Numbers by the names of their settings. */
  readonly given: Readonly<Record<string, Float32Array>>;
  /** Settings for images from the `first` of a call on. */
  settings(first: number): Record<string, number>;
}

/**
 * Looks where in a network an alteration is.
 *
 * @throws {RangeError} If it is not one of this network.
 */
export function alteredRun(
  { channels = {}, dropout }: Alteration,
  { graph, network, weights }: {
    readonly graph: Graph;
    readonly network: readonly NetworkLayer[];
    readonly weights: Weights;
  },
): AlteredRun {
  const isNorm = (layer: string) => graph.layers.get(layer)?.className === "BatchNormalization";
  const ofChannels = Object.keys(channels).filter((layer) => !isNorm(layer)).map((
    layer,
  ): Change => ({
    kind: "channels",
    layer,
    node: keptNode(graph, layer, "change channels"),
  }));
  const dropouts = dropout === undefined ? [] : layerDropouts(dropout, network).map((each) => ({
    ...each,
    kind: "dropout" as const,
    node: keptNode(graph, each.layer, "drop out"),
  }));
  const order = [...graph.layers.keys()];
  const outputs = [...ofChannels, ...dropouts].toSorted((a, b) =>
    order.indexOf(a.layer) - order.indexOf(b.layer)
  );
  const norms = Object.keys(channels).some(isNorm);
  const given: Record<string, Float32Array> = {};
  for (const { layer, node } of ofChannels) {
    const width = node.shape.at(-1)!;
    const { factors, shifts } = channelNumbers(channels[layer]!, { layer, channels: width });
    given[channelsSetting(layer)] = Float32Array.of(
      ...factors,
      ...shifts,
      ...new Float32Array(width),
    );
  }
  for (const { name: layer, node } of norms ? graph.layers.values() : []) {
    if (isNorm(layer)) Object.assign(given, normNumbers(node, channels[layer] ?? {}, layer));
  }
  return {
    name: `${norms ? "norms, " : ""}${outputs.map(({ kind, layer }) => `${kind} of ${layer}`)}`,
    changes: { outputs, norms },
    given,
    settings: (first) =>
      Object.assign({}, ...dropouts.map((each) => dropoutSettings(each, { ...each, first }))),
  };

  /** Scale and offset of a batch normalisation, changed. */
  function normNumbers(
    node: Node,
    change: ChannelChange,
    layer: string,
  ): Record<string, Float32Array> {
    if (!isKind(node, "batchNorm")) return {};
    const gamma = weights.read(node.operation.gamma);
    const beta = weights.read(node.operation.beta);
    const { factors, shifts } = channelNumbers(change, { layer, channels: gamma.length });
    return {
      [normSetting(node, "gamma")]: gamma.map((value, c) => value * factors[c]!),
      [normSetting(node, "beta")]: beta.map((value, c) => value * factors[c]! + shifts[c]!),
    };
  }
}
