/**
 * From a graph to programs: one that trains, one that classifies, one that attacks.
 *
 * @module
 */

import { Builder, type Compilation, type Mode } from "./builder.ts";
import { type Graph, type Kind, type Node, sizeOf } from "./graph.ts";
import { type Compiler, compilers } from "./operations/mod.ts";
import { alter, type Changes } from "./operations/alter.ts";
import { maskSetting } from "./operations/epilogue.ts";
import { updateCalls } from "./operations/update.ts";
import { call, Program, type Tensor } from "./plan.ts";

/** One byte an image, its label: the name of the setting. */
export const LABELS = "labels";
/** At inference the probabilities, `(N, classes)`; else each image's probability of its label. */
export const RESULTS = "results";
/** `(N, classes)`, a gradient at the logits: the name of the setting. */
export const LOGITS_GRADIENT = "gradient at the logits";
/** What each image's loss is multiplied by: one over their number in training, 1 in an attack. */
export const GAIN = "gain";

const labels: Tensor = { bytesPerImage: 1, setting: LABELS };

/** What a program does with a batch. */
export interface Task {
  /** Differs from all others' names. */
  readonly name: string;
  readonly mode: Mode;
  /** In training: whether gradients of weights are gathered, in place of the optimizer's step. */
  readonly gathers?: boolean;
  /** At inference: the node whose output is wanted, in place of the probabilities. */
  readonly reads?: Node;
  /** Not at inference: whether the gradient at the logits is given, in place of the loss's. */
  readonly isPulled?: boolean;
  /** At inference: what is changed. */
  readonly changes?: Changes;
}

/** The name of the setting where the output of a node that is read stands. */
export function outputSetting(node: Node): string {
  return `output of ${node.name}`;
}

/**
 * Compiles a task. Settings of a run: `IMAGES`, `LABELS`, `RESULTS` (addresses); in training those of
 * the optimizer, and the masks' seeds; in an attack `INPUT_GRADIENT` (an address); `GAIN` in both. If
 * a node is read, `outputSetting` (an address) in place of results. If the gradient at the logits is
 * given, `LOGITS_GRADIENT` (an address) in place of labels and gain; the results are then the logits,
 * behind which the program pauses. Those of changes are in `alter.ts`.
 */
export function compile(graph: Graph, compilation: Compilation, task: Task): Program {
  const { mode, reads, isPulled = false, changes, gathers } = task;
  const builder = new Builder(compilation, mode, { givesNorms: changes?.norms, gathers });
  const nodes = reads === undefined
    ? graph.nodes
    : graph.nodes.slice(0, graph.nodes.indexOf(reads) + 1);
  for (const node of nodes) compilerOf(node).prepare?.(node, builder);
  for (const node of nodes) {
    compilerOf(node).forward(node, builder);
    if (changes !== undefined) alter(node, changes, builder);
  }
  if (reads !== undefined) appendReading(reads, outputSetting(reads), builder);
  else if (mode === "inference") appendSoftmax(graph, builder);
  else {
    if (isPulled) receiveGradient(graph, builder);
    else appendLoss(graph, builder);
    for (const node of nodes.toReversed()) {
      if (builder.wantsGradient(node)) compilerOf(node).backward(node, builder);
    }
    if (mode === "training") appendUpdates(builder);
  }
  return new Program(builder.passes, { ...compilation, pause: builder.pausedAt });
}

/** The settings of a training step, counted from 1, that are the network's own: masks' seeds. */
export function maskSettings({ nodes }: Graph, step: number): Record<string, number> {
  return Object.fromEntries(
    nodes.flatMap((node) =>
      node.dropout === null ? [] : [[maskSetting(node), node.dropout.maskSeed(step)]]
    ),
  );
}

/** The compiler of a node's kind: TypeScript does not see that each node gets its own. */
function compilerOf({ operation }: Node): Compiler<Kind> {
  return compilers[operation.kind] as Compiler<Kind>;
}

function appendSoftmax({ logits }: Graph, builder: Builder): void {
  const classes = sizeOf(logits);
  const scores = builder.output(logits);
  const probabilities: Tensor = { bytesPerImage: classes * 4, setting: RESULTS };
  builder.images({
    reads: [scores],
    writes: [probabilities],
    run: ({ at, count }) => [call("softmax", at(scores), count, classes, at(probabilities))],
  });
}

/** A node's output where the caller finds it. */
function appendReading(node: Node, setting: string, builder: Builder): void {
  const output = builder.output(node);
  copy(output, { bytesPerImage: output.bytesPerImage, setting }, builder);
}

/** The logits, and the gradient there, as the caller puts it down. */
function receiveGradient({ logits }: Graph, builder: Builder): void {
  appendReading(logits, RESULTS, builder);
  builder.pause();
  const { tensor: gradient } = builder.receive(logits);
  copy({ bytesPerImage: gradient.bytesPerImage, setting: LOGITS_GRADIENT }, gradient, builder);
}

function copy(from: Tensor, to: Tensor, builder: Builder): void {
  builder.images({
    reads: [from],
    writes: [to],
    run: ({ at, count }) => [call("copy", at(from), at(to), from.bytesPerImage * count)],
  });
}

/** Softmax cross-entropy: its gradient, and what the loss is made of. */
function appendLoss({ logits }: Graph, builder: Builder): void {
  const classes = sizeOf(logits);
  const scores = builder.output(logits);
  const ofLabels: Tensor = { bytesPerImage: 4, setting: RESULTS };
  const { tensor: gradient } = builder.receive(logits);
  builder.images({
    reads: [scores, labels],
    writes: [gradient, ofLabels],
    run: ({ at, count }) => [
      call(
        "softmaxCrossEntropyGradient",
        at(scores),
        at(labels),
        count,
        classes,
        { setting: GAIN, plus: 0 },
        at(ofLabels),
        at(gradient),
      ),
    ],
  });
}

/** What threads have summed up, in parts; dense layers have seen to their weights already. */
function appendUpdates(builder: Builder): void {
  const { weights, threads } = builder.compilation;
  for (const stored of weights.all()) {
    const { gradients, length } = stored;
    if (gradients === null) continue;
    builder.parts({
      extent: length,
      granularity: 256,
      writesAll: [stored, gradients],
      run: ({ from, to }) =>
        updateCalls(stored, {
          at: from * 4,
          gradients: gradients.address + from * 4,
          parts: threads,
          partPitch: gradients.pitch,
          count: to - from,
        }, builder),
    });
  }
}
