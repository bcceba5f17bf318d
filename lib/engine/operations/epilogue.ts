/**
 * What follows an operation value by value, forward and backward: dropout and ReLU.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import { type Dropout, type Node, sizeOf } from "../graph.ts";
import { type Argument, type Block, type Call, call, type Tensor } from "../plan.ts";

/** The setting under which a node's dropout finds the seed of a step's mask. */
export function maskSetting(node: Node): string {
  return `mask of ${node.name}`;
}

function dropoutCall(
  node: Node,
  { rate }: Dropout,
  { block: { first, count }, from, to }: { block: Block; from: Argument; to: Argument },
): Call {
  const size = sizeOf(node);
  return call(
    "dropout",
    from,
    count * size,
    first * size,
    { setting: maskSetting(node), plus: 0 },
    Math.floor(rate * 2 ** 32),
    1 / (1 - rate),
    to,
  );
}

/** Drops values of a node's output, in place. */
export function dropOut(node: Node, builder: Builder): void {
  const { dropout } = node;
  if (dropout === null || builder.mode !== "training") return;
  const y = builder.output(node);
  builder.images({
    reads: [y],
    writes: [y],
    run: (block) => [dropoutCall(node, dropout, { block, from: block.at(y), to: block.at(y) })],
  });
}

/**
 * The gradient of what comes before dropout and ReLU, in place of the gradient of the node's output.
 * Behind ReLU, an output above zero says both that it was kept and that ReLU let it through.
 */
export function maskGradient(node: Node, builder: Builder): Tensor {
  const { masks } = node;
  const dropout = builder.mode === "training" ? node.dropout : null;
  const y = builder.output(node);
  const dy = builder.gradient(node);
  const scale = dropout === null ? 1 : 1 / (1 - dropout.rate);
  if (masks) {
    builder.images({
      reads: [y],
      writes: [dy],
      run: ({ at, count }) => [
        call("reluGradient", at(y), at(dy), count * sizeOf(node), scale, at(dy)),
      ],
    });
  } else if (dropout !== null) {
    builder.images({
      writes: [dy],
      run: (block) => [dropoutCall(node, dropout, { block, from: block.at(dy), to: block.at(dy) })],
    });
  }
  return dy;
}
