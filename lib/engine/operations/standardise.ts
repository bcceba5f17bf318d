/**
 * Standardisation: what batch normalisation does at inference, by constants.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import { type Node, sizeOf } from "../graph.ts";
import { call, type Tensor } from "../plan.ts";
import { dropOut, maskGradient } from "./epilogue.ts";

/** y = (x − mean) / √variance, with ReLU where it follows. */
export function forwardStandardise(node: Node<"standardise">, builder: Builder): void {
  const { weights } = builder.compilation;
  appendScaling(node, builder, {
    mean: weights.of(node.operation.mean),
    from: builder.output(node.inputs[0]!),
    to: builder.output(node),
    relu: node.relu,
  });
  dropOut(node, builder);
}

/** dx = dy / √variance, where anybody asks for it: nothing here is trained. */
export function backwardStandardise(node: Node<"standardise">, builder: Builder): void {
  const [source] = node.inputs;
  if (!builder.wantsGradient(source!)) return;
  const dy = maskGradient(node, builder);
  const bytes = node.shape.at(-1)! * 4;
  const zeros = { address: builder.compilation.buffers.allocate(bytes) };
  builder.overwrite(
    source!,
    (dx) => appendScaling(node, builder, { mean: zeros, from: dy, to: dx, relu: false }),
  );
}

/** Both ways are one, but for the mean. */
function appendScaling(
  node: Node<"standardise">,
  builder: Builder,
  { mean, from, to, relu }: {
    mean: { readonly address: number };
    from: Tensor;
    to: Tensor;
    relu: boolean;
  },
): void {
  const channels = node.shape.at(-1)!;
  const variance = builder.compilation.weights.of(node.operation.variance);
  const coefficients = builder.own(channels * 5 * 4);
  builder.images({
    reads: [from],
    writes: [to],
    readsAll: [mean, variance],
    own: [coefficients],
    before: (thread) => [
      call(
        "batchNormFold",
        0,
        0,
        mean.address,
        variance.address,
        channels,
        0,
        coefficients.at(thread),
      ),
    ],
    run: ({ at, thread, count }) => [
      call(
        "batchNormApply",
        at(from),
        count * sizeOf(node) / channels,
        channels,
        coefficients.at(thread),
        0,
        Number(relu),
        at(to),
      ),
    ],
  });
}
