/**
 * From a graph to programs: one that trains, one that classifies, one that attacks.
 *
 * @module
 */

import { Builder, type Compilation, type Mode } from "./builder.ts";
import { type Graph, type Kind, type Node, sizeOf } from "./graph.ts";
import { type Compiler, compilers } from "./operations/mod.ts";
import { maskSetting } from "./operations/epilogue.ts";
import { updateCall } from "./optimizer.ts";
import { call, Program, type Tensor } from "./plan.ts";

/** One byte an image, its label: the name of the setting. */
export const LABELS = "labels";
/** At inference the probabilities, `(N, classes)`; else each image's probability of its label. */
export const RESULTS = "results";
/** What each image's loss is multiplied by: one over their number in training, 1 in an attack. */
export const GAIN = "gain";

const labels: Tensor = { bytesPerImage: 1, setting: LABELS };

/**
 * Compiles what one mode of an engine does with a batch. Settings of a run: `IMAGES`, `LABELS`,
 * `RESULTS` (addresses); in training those of the optimizer, and the masks' seeds; in an attack
 * `INPUT_GRADIENT` (an address); `GAIN` in both.
 */
export function compile(graph: Graph, compilation: Compilation, mode: Mode): Program {
  const builder = new Builder(compilation, mode);
  for (const node of graph.nodes) compilerOf(node).prepare?.(node, builder);
  for (const node of graph.nodes) compilerOf(node).forward(node, builder);
  if (mode === "inference") appendSoftmax(graph, builder);
  else {
    appendLoss(graph, builder);
    for (const node of graph.nodes.toReversed()) compilerOf(node).backward(node, builder);
    if (mode === "training") appendUpdates(builder);
  }
  return new Program(builder.passes, compilation);
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

/** What threads have summed up, in parts; dense layers have updated their weights already. */
function appendUpdates(builder: Builder): void {
  const { weights, threads, optimizer } = builder.compilation;
  for (const stored of weights.all()) {
    const { address, first, second, gradients, length } = stored;
    if (gradients === null) continue;
    builder.parts({
      extent: length,
      granularity: 256,
      writesAll: [stored, gradients],
      run: ({ from, to }) => [
        updateCall(optimizer, {
          weights: address + from * 4,
          first: first + from * 4,
          second: second + from * 4,
          gradients: gradients.address + from * 4,
          parts: threads,
          partPitch: gradients.pitch,
          count: to - from,
        }),
      ],
    });
  }
}
