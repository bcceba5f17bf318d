/**
 * Max and average pooling.
 *
 * @module
 */

import { poolingFields } from "../../wasm/interface/windows.ts";
import type { Builder } from "../builder.ts";
import { type Node, sizeOf, sparsePooling } from "../graph.ts";
import { call, type Tensor } from "../plan.ts";
import { dropOut, maskGradient } from "./epilogue.ts";

type Pooling = Node<"maxPool" | "averagePool">;

/** The struct `Pooling`. */
export function poolingStruct(node: Pooling, builder: Builder): number {
  return builder.struct(poolingFields(node.operation.info));
}

/** Where the maximum of each window stood: a byte a value. */
export function codesOf(node: Node<"maxPool">, builder: Builder): Tensor {
  return builder.besides(node, "codes", sizeOf(node));
}

export function forwardMaxPool(node: Node<"maxPool">, builder: Builder): void {
  const pooling = poolingStruct(node, builder);
  const x = builder.output(node.inputs[0]!);
  const y = builder.output(node);
  const codes = builder.mode === "inference" ? null : codesOf(node, builder);
  builder.images({
    reads: [x],
    writes: codes ? [y, codes] : [y],
    run: ({ at, count }) => [call("maxPool", pooling, count, at(x), at(y), codes ? at(codes) : 0)],
  });
  dropOut(node, builder);
}

export function backwardMaxPool(node: Node<"maxPool">, builder: Builder): void {
  const dy = maskGradient(node, builder);
  const [source] = node.inputs;
  // The convolution takes it from there.
  if (sparsePooling(source!) === node || !builder.wantsGradient(source!)) return;
  const pooling = poolingStruct(node, builder);
  const codes = codesOf(node, builder);
  builder.overwrite(source!, (dx) =>
    builder.images({
      reads: [dy, codes],
      writes: [dx],
      run: ({ at, count }) => [
        call("maxPoolGradientFromCodes", pooling, count, at(dy), at(codes), at(dx)),
      ],
    }));
}

export function forwardAveragePool(node: Node<"averagePool">, builder: Builder): void {
  const pooling = poolingStruct(node, builder);
  const x = builder.output(node.inputs[0]!);
  const y = builder.output(node);
  builder.images({
    reads: [x],
    writes: [y],
    run: ({ at, count }) => [call("avgPool", pooling, count, at(x), at(y))],
  });
  dropOut(node, builder);
}

export function backwardAveragePool(node: Node<"averagePool">, builder: Builder): void {
  const dy = maskGradient(node, builder);
  const [source] = node.inputs;
  if (!builder.wantsGradient(source!)) return;
  const pooling = poolingStruct(node, builder);
  // A mask that `read_graph` has left to the pooling.
  const masked = source!.relu && !source!.masks ? builder.output(source!) : null;
  builder.overwrite(source!, (dx) =>
    builder.images({
      reads: masked ? [dy, masked] : [dy],
      writes: [dx],
      run: ({ at, count }) => [
        call("avgPoolGradient", pooling, count, at(dy), masked ? at(masked) : 0, at(dx)),
      ],
    }));
}
