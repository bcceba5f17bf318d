/**
 * Addition of two tensors.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import { type Node, sizeOf } from "../graph.ts";
import { call } from "../plan.ts";
import { dropOut, maskGradient } from "./epilogue.ts";

export function forwardAdd(node: Node<"add">, builder: Builder): void {
  const [a, b] = node.inputs.map((input) => builder.output(input));
  const y = builder.output(node);
  builder.images({
    reads: [a!, b!],
    writes: [y],
    run: ({ at, count }) => [
      call("add", at(a!), at(b!), count * sizeOf(node), Number(node.relu), at(y)),
    ],
  });
  dropOut(node, builder);
}

export function backwardAdd(node: Node<"add">, builder: Builder): void {
  const dy = maskGradient(node, builder);
  const [a, b] = node.inputs;
  // The second takes over the array itself, so that the first has to have its copy before.
  builder.overwrite(a!, (dx) =>
    builder.images({
      reads: [dy],
      writes: [dx],
      run: ({ at, count }) => [call("copy", at(dy), at(dx), count * sizeOf(node) * 4)],
    }));
  builder.give(b!, dy);
}
