/**
 * Batch normalisation, with the addition that may follow it.
 *
 * @module
 */

import type { Builder, Own } from "../builder.ts";
import { type Node, sizeOf } from "../graph.ts";
import { type Argument, call, type Tensor } from "../plan.ts";
import type { StoredParameter } from "../weights.ts";
import { normSetting } from "./alter.ts";
import { dropOut, maskGradient } from "./epilogue.ts";

/** What the passes of one node have in common. */
function layout(node: Node<"batchNorm">, builder: Builder) {
  const { module, weights, threads, buffers } = builder.compilation;
  const { gamma, beta, mean, variance, momentum, epsilon } = node.operation;
  const channels = node.shape.at(-1)!;
  const states = (name: string, bytes: number) =>
    builder.remember(`${name} of ${node.name}`, () => {
      const pitch = Math.ceil(bytes / 64) * 64;
      return { address: buffers.allocate(pitch * threads), pitch };
    });
  return {
    channels,
    rows: sizeOf(node) / channels,
    gamma: weights.of(gamma),
    beta: weights.of(beta),
    mean: weights.of(mean),
    variance: weights.of(variance),
    momentum,
    epsilon,
    statistics: states("statistics", module.batchNormStateBytes(channels)),
    sums: states("sums", channels * 2 * 8),
    coefficients: builder.remember<Own>(
      `coefficients of ${node.name}`,
      () => builder.own(channels * 5 * 4),
    ),
  };
}

export function forwardBatchNorm(node: Node<"batchNorm">, builder: Builder): void {
  const {
    channels,
    rows,
    gamma,
    beta,
    mean,
    variance,
    momentum,
    epsilon,
    statistics,
    coefficients,
  } = layout(node, builder);
  const [source, residual] = node.inputs;
  const x = builder.output(source!);
  const added = residual === undefined ? null : builder.output(residual);
  const y = builder.output(node);
  // A frozen one goes by its averages, as at inference.
  const isTraining = builder.trains(node);
  const state = (thread: number) => statistics.address + thread * statistics.pitch;
  const given = (what: "gamma" | "beta"): Argument | null =>
    builder.givesNorms ? { setting: normSetting(node, what), plus: 0 } : null;
  if (isTraining) {
    builder.images({
      reads: [x],
      own: [statistics],
      before: (thread) => [call("fill", state(thread), statistics.pitch)],
      run: ({ at, thread, count }) => [
        call("batchNormStatistics", at(x), count * rows, channels, state(thread)),
      ],
    });
  }
  builder.images({
    reads: added ? [x, added] : [x],
    writes: [y],
    readsAll: [gamma, beta, ...isTraining ? [statistics] : [mean, variance]],
    own: isTraining ? [coefficients] : [],
    // Each thread combines for itself, which saves a barrier; one of them moves the averages.
    before: (thread) => [
      isTraining
        ? call(
          "batchNormCombine",
          statistics.address,
          builder.compilation.threads,
          statistics.pitch,
          channels,
          gamma.address,
          beta.address,
          epsilon,
          momentum,
          thread === 0 ? mean.address : 0,
          thread === 0 ? variance.address : 0,
          coefficients.at(thread),
        )
        : call(
          "batchNormFold",
          given("gamma") ?? gamma.address,
          given("beta") ?? beta.address,
          mean.address,
          variance.address,
          channels,
          epsilon,
          coefficients.at(thread),
        ),
    ],
    run: ({ at, thread, count }) => [call(
      "batchNormApply",
      at(x),
      count * rows,
      channels,
      coefficients.at(thread),
      added ? at(added) : 0,
      Number(node.relu),
      at(y),
    )],
  });
  dropOut(node, builder);
}

export function backwardBatchNorm(node: Node<"batchNorm">, builder: Builder): void {
  if (builder.trains(node)) trainBatchNorm(node, builder);
  else scaleGradient(node, builder);
}

/** dx = dy · γ / √(σ² + ε): statistics that are given have no gradient. */
function scaleGradient(node: Node<"batchNorm">, builder: Builder): void {
  const { channels, rows, gamma, variance, epsilon } = layout(node, builder);
  const [source, residual] = node.inputs;
  const dy = maskGradient(node, builder);
  // Not those of the way forward, which may be in use in the same run.
  const coefficients = builder.own(channels * 5 * 4);
  const noMean = builder.compilation.buffers.allocate(channels * 4);
  const fold = (thread: number) =>
    call(
      "batchNormFold",
      gamma.address,
      0,
      noMean,
      variance.address,
      channels,
      epsilon,
      coefficients.at(thread),
    );
  builder.overwrite(source!, (dx) =>
    builder.images({
      reads: [dy],
      writes: [dx],
      readsAll: [gamma, variance],
      before: (thread) => [fold(thread)],
      run: ({ at, thread, count }) => [
        call(
          "batchNormApply",
          at(dy),
          count * rows,
          channels,
          coefficients.at(thread),
          0,
          0,
          at(dx),
        ),
      ],
    }));
  if (residual !== undefined) builder.give(residual, dy);
}

function trainBatchNorm(node: Node<"batchNorm">, builder: Builder): void {
  const { channels, rows, gamma, beta, sums, coefficients } = layout(node, builder);
  const { threads } = builder.compilation;
  const [source, residual] = node.inputs;
  const x = builder.output(source!);
  const y = builder.output(node);
  // Where there is no dropout, the sums' kernel masks on its way.
  const dy = node.dropout === null ? builder.gradient(node) : maskGradient(node, builder);
  const masks = node.masks && node.dropout === null;
  const factors = builder.own(channels * 4 * 4);
  // Gradients of gamma and beta are whole at once: they are the first thread's sum, and the others
  // leave theirs at zero.
  const whole = ({ gradients }: StoredParameter, thread: number) =>
    thread === 0 ? gradients!.address : 0;
  const sum = (thread: number) => sums.address + thread * sums.pitch;
  builder.images({
    reads: [x, y],
    writes: [dy],
    own: [sums, coefficients],
    before: (thread) => [call("fill", sum(thread), sums.pitch)],
    run: ({ at, thread, count }) => [call(
      "batchNormGradientSums",
      at(x),
      at(dy),
      masks ? at(y) : 0,
      count * rows,
      channels,
      coefficients.at(thread),
      sum(thread),
    )],
  });
  const append = (dx: Tensor) =>
    builder.images({
      reads: [x, dy],
      writes: [dx],
      readsAll: [sums],
      own: [coefficients, factors, gamma.gradients!, beta.gradients!],
      before: (thread, images) => [
        call(
          "batchNormGradientCombine",
          sums.address,
          threads,
          sums.pitch,
          images * rows,
          channels,
          coefficients.at(thread),
          whole(gamma, thread),
          whole(beta, thread),
          factors.at(thread),
        ),
      ],
      run: ({ at, thread, count }) => [call(
        "batchNormGradient",
        at(x),
        at(dy),
        count * rows,
        channels,
        factors.at(thread),
        at(dx),
      )],
    });
  // Where nobody wants what the kernel writes, the gradients of scale and offset are worked out even so.
  if (builder.wantsGradient(source!)) builder.overwrite(source!, append);
  else append({ bytesPerImage: sizeOf(node) * 4 });
  if (residual !== undefined) builder.give(residual, dy);
}
