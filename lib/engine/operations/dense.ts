/**
 * Dense layers. To train, their weights are kept transposed, `(units, inputs)`; rows are padded.
 *
 * @module
 */

import { RELU } from "../../wasm/interface/dense.ts";
import type { Builder } from "../builder.ts";
import { type Node, sizeOf } from "../graph.ts";
import { type Argument, type Call, call, offset, type Part, type Tensor } from "../plan.ts";
import { dropOut, maskGradient } from "./epilogue.ts";
import { updateCalls } from "./update.ts";

/** Weights up to this many are read whole by each thread; more of them, each thread reads a part. */
const SMALL = 1 << 15;
/** Units, or inputs, of a part are a multiple of this: whole tiles, whole lines of the cache. */
const GRANULARITY = 16;
/**
 * From this dropout on, behind ReLU, at most a quarter of a gradient is left: the products then skip
 * the zeros.
 */
const SPARSE_DROPOUT = 0.5;
/** Inputs whose weights' gradients are worked out before they are used. */
const INPUTS_AT_ONCE = 1024;

/** Sizes and places of one dense layer. */
function layout(node: Node<"dense">, builder: Builder) {
  const { weights: parameter, bias } = node.operation;
  const weights = builder.compilation.weights.of(parameter);
  const { pitch, isTransposed } = weights.rows!;
  const row = pitch * 4;
  return {
    weights,
    bias: bias === null ? null : builder.compilation.weights.of(bias),
    /** Bytes from one unit's weights to the next one's, and from one input's. */
    unitStep: isTransposed ? row : 4,
    inputStep: isTransposed ? 4 : row,
    inputs: sizeOf(node.inputs[0]!),
    units: sizeOf(node),
  };
}

function isSmall(node: Node<"dense">): boolean {
  return sizeOf(node.inputs[0]!) * sizeOf(node) <= SMALL;
}

/** y = x·W + bias, with ReLU: images in turn, or the units in parts. */
export function forwardDense(node: Node<"dense">, builder: Builder): void {
  const { weights, bias, unitStep, inputStep, inputs, units } = layout(node, builder);
  const { module } = builder.compilation;
  const { isTransposed } = weights.rows!;
  const x = builder.output(node.inputs[0]!);
  const y = builder.output(node);
  const scratch = builder.scratch(
    isTransposed ? module.matMulScratch(units, inputs) : module.denseForwardScratch(inputs, units),
  );
  const product = (
    at: (tensor: Tensor) => Argument,
    { thread, images, from, to }: { thread: number; images: number; from: number; to: number },
  ) => {
    const flags = node.relu ? RELU : 0;
    const ofBias = bias === null ? 0 : bias.address + from * 4;
    const [w, out] = [weights.address + from * unitStep, offset(at(y), from * 4)];
    return [
      isTransposed
        ? call(
          "matMul",
          at(x),
          inputs * 4,
          4,
          w,
          inputStep,
          unitStep,
          out,
          units * 4,
          images,
          to - from,
          inputs,
          ofBias,
          flags,
          scratch.at(thread),
        )
        : call(
          "denseForward",
          at(x),
          images,
          inputs,
          w,
          inputStep,
          to - from,
          ofBias,
          flags,
          out,
          units * 4,
          scratch.at(thread),
        ),
    ];
  };
  const readsAll = bias === null ? [weights] : [weights, bias];
  if (isSmall(node)) {
    builder.images({
      reads: [x],
      writes: [y],
      readsAll,
      run: ({ at, thread, count }) => product(at, { thread, images: count, from: 0, to: units }),
    });
  } else {
    builder.parts({
      extent: units,
      granularity: GRANULARITY,
      reads: [x],
      writes: [y],
      readsAll,
      run: (part) => product(part.at, part),
    });
  }
  dropOut(node, builder);
}

/** Gradients to the input and, in training, to the weights. */
export function backwardDense(node: Node<"dense">, builder: Builder): void {
  if (builder.trains(node)) trainDense(node, builder);
  else {
    maskGradient(node, builder);
    builder.overwrite(node.inputs[0]!, (dx) => appendInputGradient(node, builder, dx));
  }
}

/**
 * The gradient to the input, then the one to the weights, which are updated at once: a thread has
 * the weights of some inputs to itself, so that their gradient is never gathered.
 */
function trainDense(node: Node<"dense">, builder: Builder): void {
  const { bias, inputs } = layout(node, builder);
  const [source] = node.inputs;
  const x = builder.output(source!);
  const dy = maskGradient(node, builder);
  const isSparse = node.masks && node.dropout !== null &&
    node.dropout.rate >= SPARSE_DROPOUT;
  const products = isSparse ? sparseProducts(node, builder) : denseProducts(node, builder);
  const append = (dx: Tensor | null) => {
    if (dx !== null && isSmall(node)) appendInputGradient(node, builder, dx);
    const inPart = dx !== null && !isSmall(node) ? dx : null;
    builder.parts({
      extent: inputs,
      granularity: GRANULARITY,
      reads: [x, dy],
      writes: inPart ? [inPart] : [],
      writesAll: [builder.compilation.weights.of(node.operation.weights)],
      run: (part) => [
        ...products.before(part),
        ...inPart ? [products.inputGradient(part, inPart)] : [],
        ...updateInBlocks(node, builder, { part, weightGradient: products.weightGradient }),
      ],
    });
  };
  if (builder.wantsGradient(source!)) builder.overwrite(source!, append);
  else append(null);
  if (bias !== null) appendBiasGradient(node, builder, dy);
}

/** The two gradients of a layer, in one of two ways. */
interface Products {
  /** What both need. */
  before(part: Part): readonly ReturnType<typeof call>[];
  /** dx of a part of the inputs, for all images. */
  inputGradient(part: Part, dx: Tensor): ReturnType<typeof call>;
  /** The gradient to the weights of inputs `from` to `to`: `(units, to − from)` at `out`. */
  weightGradient(part: Part, out: number): ReturnType<typeof call>;
}

function denseProducts(node: Node<"dense">, builder: Builder): Products {
  const { weights, unitStep, inputStep, inputs, units } = layout(node, builder);
  const { module, batchSize } = builder.compilation;
  const x = builder.output(node.inputs[0]!);
  const dy = builder.gradient(node);
  const scratch = builder.scratch(
    Math.max(module.matMulScratch(inputs, units), module.matMulScratch(inputs, batchSize)),
  );
  return {
    before: () => [],
    inputGradient: ({ at, from, to, images, thread }, dx) =>
      call(
        "matMul",
        at(dy),
        units * 4,
        4,
        weights.address + from * inputStep,
        unitStep,
        inputStep,
        offset(at(dx), from * 4),
        inputs * 4,
        images,
        to - from,
        units,
        0,
        0,
        scratch.at(thread),
      ),
    weightGradient: ({ at, from, to, images, thread }, out) =>
      call(
        "matMul",
        at(dy),
        4,
        units * 4,
        offset(at(x), from * 4),
        inputs * 4,
        4,
        out,
        (to - from) * 4,
        units,
        to - from,
        images,
        0,
        0,
        scratch.at(thread),
      ),
  };
}

function sparseProducts(node: Node<"dense">, builder: Builder): Products {
  const { weights, unitStep, inputs, units } = layout(node, builder);
  const { module, batchSize } = builder.compilation;
  const x = builder.output(node.inputs[0]!);
  const dy = builder.gradient(node);
  const lists = builder.scratch(module.denseListsBytes(batchSize, units));
  return {
    before: ({ at, images, thread }) => [
      call("denseLists", at(dy), images, units, lists.at(thread)),
    ],
    inputGradient: ({ at, from, to, images, thread }, dx) =>
      call(
        "denseInputGradientSparse",
        lists.at(thread),
        images,
        units,
        weights.address,
        unitStep,
        from,
        to,
        at(dx),
        inputs * 4,
      ),
    weightGradient: ({ at, from, to, images, thread }, out) =>
      call(
        "denseWeightGradientSparse",
        lists.at(thread),
        images,
        units,
        at(x),
        inputs * 4,
        from,
        to,
        out,
        (to - from) * 4,
      ),
  };
}

/** dx = dy·Wᵀ alone: images in turn, or the inputs in parts. */
function appendInputGradient(node: Node<"dense">, builder: Builder, dx: Tensor): void {
  const { weights, inputs } = layout(node, builder);
  const { inputGradient } = denseProducts(node, builder);
  const accesses = { reads: [builder.gradient(node)], writes: [dx], readsAll: [weights] };
  if (isSmall(node)) {
    builder.images({
      ...accesses,
      run: ({ at, thread, count }) => [
        inputGradient({ at, thread, images: count, from: 0, to: inputs }, dx),
      ],
    });
  } else {
    builder.parts({
      ...accesses,
      extent: inputs,
      granularity: GRANULARITY,
      run: (part) => [inputGradient(part, dx)],
    });
  }
}

function updateInBlocks(
  node: Node<"dense">,
  builder: Builder,
  { part, weightGradient }: { part: Part; weightGradient: Products["weightGradient"] },
) {
  const { weights, unitStep, units } = layout(node, builder);
  const gradient = builder.remember(
    `weight gradient of ${node.name}`,
    () => builder.own(INPUTS_AT_ONCE * units * 4),
  ).at(part.thread);
  const calls: Call[] = [];
  for (let from = part.from; from < part.to; from += INPUTS_AT_ONCE) {
    const to = Math.min(from + INPUTS_AT_ONCE, part.to);
    calls.push(weightGradient({ ...part, from, to }, gradient));
    for (let unit = 0; unit < units; unit++) {
      const at = unit * unitStep + from * 4;
      const gradients = gradient + unit * (to - from) * 4;
      const ofUnit = { at, gradients, parts: 1, partPitch: 0, count: to - from };
      calls.push(...updateCalls(weights, ofUnit, builder));
    }
  }
  return calls;
}

/** Whole at once: it is the first thread's sum, and the others leave theirs at zero. */
function appendBiasGradient(node: Node<"dense">, builder: Builder, dy: Tensor): void {
  const { bias, units } = layout(node, builder);
  const gradients = bias!.gradients!;
  builder.once({
    reads: [dy],
    writesAll: [gradients],
    run: ({ at, images }) => [call("sumRows", at(dy), images, units, gradients.address)],
  });
}
