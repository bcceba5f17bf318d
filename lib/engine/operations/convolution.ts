/**
 * Convolutions.
 *
 * @module
 */

import { ACCUMULATE, RELU } from "../../wasm/interface/dense.ts";
import { convolutionFields } from "../../wasm/interface/windows.ts";
import { type Builder, imageByImage, type Own } from "../builder.ts";
import { type Node, sparsePooling } from "../graph.ts";
import { type Block, type Call, call, type ImagePass, type Tensor } from "../plan.ts";
import { dropOut, maskGradient } from "./epilogue.ts";
import { gradientSums } from "./gradient_sums.ts";
import { codesOf, poolingStruct } from "./pooling.ts";

/** The struct `Convolution`. */
function convolutionStruct(node: Node<"conv2d">, builder: Builder): number {
  return builder.struct(convolutionFields(node.operation.info));
}

/** A filter as a kernel wants it, prepared anew in each step. */
interface Prepared {
  readonly address: number;
}

type Preparation = "conv2d" | "conv2dInputGradient" | "conv2dInputGradientSparse";

function prepare(node: Node<"conv2d">, builder: Builder, kernel: Preparation): Prepared {
  const { buffers, module, weights } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const filter = weights.of(node.operation.filter);
  const prepared = { address: buffers.allocate(module[`${kernel}PreparedBytes`](shape)) };
  builder.once({
    readsAll: [filter],
    writesAll: [prepared],
    isPreparation: true,
    run: () => [call(`${kernel}Prepare`, shape, filter.address, prepared.address)],
  });
  return prepared;
}

/** Prepares the filters that forward and backward passes take. */
export function prepareConvolution(node: Node<"conv2d">, builder: Builder): void {
  builder.remember(`forward filter of ${node.name}`, () => prepare(node, builder, "conv2d"));
  if (builder.mode === "inference" || !builder.wantsGradient(node.inputs[0]!)) return;
  const kernel = sparsePooling(node) ? "conv2dInputGradientSparse" : "conv2dInputGradient";
  builder.remember(`backward filter of ${node.name}`, () => prepare(node, builder, kernel));
}

function prepared(node: Node, builder: Builder, direction: "forward" | "backward"): Prepared {
  return builder.remember(`${direction} filter of ${node.name}`, (): Prepared => {
    throw new Error(`The filter of ${node.name} has not been prepared`);
  });
}

/** y = conv(x), with bias and ReLU. */
export function forwardConvolution(node: Node<"conv2d">, builder: Builder): void {
  const { module, weights } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const x = builder.output(node.inputs[0]!);
  const y = builder.output(node);
  const filter = prepared(node, builder, "forward");
  const bias = node.operation.bias === null ? null : weights.of(node.operation.bias);
  const scratch = builder.scratch(module.conv2dScratch(shape));
  builder.images({
    reads: [x],
    writes: [y],
    readsAll: [filter, ...bias ? [bias] : []],
    run: ({ at, thread, count }) => [call(
      "conv2d",
      shape,
      count,
      at(x),
      filter.address,
      at(y),
      bias?.address ?? 0,
      node.relu ? RELU : 0,
      scratch.at(thread),
    )],
  });
  dropOut(node, builder);
}

/** Gradients to the input and, in training, to filter and bias. */
export function backwardConvolution(node: Node<"conv2d">, builder: Builder): void {
  const pool = sparsePooling(node);
  if (pool === null) backwardDense(node, builder);
  else backwardSparse(node, pool, builder);
}

function backwardDense(node: Node<"conv2d">, builder: Builder): void {
  const { module } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const [source] = node.inputs;
  const dy = maskGradient(node, builder);
  if (builder.trains(node)) appendFilterGradient(node, builder, dy);
  if (!builder.wantsGradient(source!)) return;
  const inputScratch = builder.scratch(module.conv2dInputGradientScratch(shape));
  const { tensor: dx, accumulates } = builder.receive(source!);
  const backward = prepared(node, builder, "backward");
  builder.images({
    reads: [dy],
    writes: [dx],
    readsAll: [backward],
    run: ({ at, thread, count }) => [call(
      "conv2dInputGradient",
      shape,
      count,
      at(dy),
      backward.address,
      at(dx),
      accumulates ? ACCUMULATE : 0,
      inputScratch.at(thread),
    )],
  });
}

function appendFilterGradient(node: Node<"conv2d">, builder: Builder, dy: Tensor): void {
  const { batchSize, module } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const x = builder.output(node.inputs[0]!);
  const filter = gradientSums(node.operation.filter, builder);
  const bias = gradientSums(node.operation.bias, builder);
  const [outH, outW, outC] = node.shape;
  const filterScratch = builder.scratch(module.conv2dFilterGradientScratch(shape, batchSize));
  builder.images({
    reads: [x, dy],
    own: [...filter.own, ...bias.own],
    before: (thread) => [...filter.clear(thread), ...bias.clear(thread)],
    run: ({ at, thread, count }) => [
      ...bias.own.map(() =>
        call("addRowSums", at(dy), count * outH! * outW!, outC!, bias.at(thread))
      ),
      call(
        "conv2dFilterGradient",
        shape,
        count,
        at(x),
        at(dy),
        filter.at(thread),
        filterScratch.at(thread),
      ),
    ],
  });
}

function backwardSparse(node: Node<"conv2d">, pool: Node<"maxPool">, builder: Builder): void {
  const [source] = node.inputs;
  if (builder.wantsGradient(source!)) {
    builder.overwrite(source!, (dx) => appendSparse(node, builder, { pool, dx }));
  } else {
    appendSparse(node, builder, { pool, dx: null });
  }
}

/** What is worked out of the lists of a convolution's gradient: a part of a pass. */
interface SparseProduct
  extends Pick<ImagePass, "reads" | "writes" | "readsAll" | "own" | "before"> {
  readonly run: (image: Block) => Call;
  readonly after?: ImagePass["after"];
}

/** All gradients out of the same lists, image by image. */
function appendSparse(
  node: Node<"conv2d">,
  builder: Builder,
  { pool, dx }: { pool: Node<"maxPool">; dx: Tensor | null },
): void {
  const { module } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const pooling = poolingStruct(pool, builder);
  const dy = builder.gradient(pool);
  const codes = codesOf(pool, builder);
  const lists = builder.own(module.conv2dListsBytes(shape));
  const products: readonly SparseProduct[] = [
    ...builder.trains(node) ? [sparseFilterGradient(node, builder, lists)] : [],
    ...dx ? [sparseInputGradient(node, builder, { lists, dx })] : [],
  ];
  builder.images({
    reads: [dy, codes, ...products.flatMap(({ reads = [] }) => reads)],
    writes: products.flatMap(({ writes = [] }) => writes),
    readsAll: products.flatMap(({ readsAll = [] }) => readsAll),
    own: products.flatMap(({ own = [] }) => own),
    before: (...args) => products.flatMap(({ before }) => before?.(...args) ?? []),
    run: (block) =>
      imageByImage(block, (image) => [
        call(
          "conv2dListsFromPool",
          shape,
          pooling,
          image.at(dy),
          image.at(codes),
          lists.at(image.thread),
        ),
        ...products.map(({ run }) => run(image)),
      ]),
    after: (thread) => products.flatMap(({ after }) => after?.(thread) ?? []),
  });
}

function sparseFilterGradient(node: Node<"conv2d">, builder: Builder, lists: Own): SparseProduct {
  const { module } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const x = builder.output(node.inputs[0]!);
  const filter = gradientSums(node.operation.filter, builder);
  const bias = gradientSums(node.operation.bias, builder);
  const outC = node.shape[2]!;
  const transposed = builder.own(filter.floats * 4);
  const scratch = builder.scratch(module.conv2dFilterGradientSparseScratch(shape));
  return {
    reads: [x],
    own: [...filter.own, ...bias.own],
    before: (thread) => [
      call("fill", transposed.at(thread), filter.floats * 4),
      ...bias.clear(thread),
    ],
    run: ({ at, thread }) =>
      call(
        "conv2dFilterGradientSparse",
        shape,
        at(x),
        lists.at(thread),
        transposed.at(thread),
        bias.at(thread),
        scratch.at(thread),
      ),
    after: (thread) => [
      call("transpose", transposed.at(thread), outC, filter.floats / outC, filter.at(thread)),
    ],
  };
}

function sparseInputGradient(
  node: Node<"conv2d">,
  builder: Builder,
  { lists, dx }: { lists: Own; dx: Tensor },
): SparseProduct {
  const { module } = builder.compilation;
  const shape = convolutionStruct(node, builder);
  const scratch = builder.scratch(module.conv2dInputGradientSparseScratch(shape));
  const backward = prepared(node, builder, "backward");
  return {
    writes: [dx],
    readsAll: [backward],
    run: ({ at, thread }) =>
      call(
        "conv2dInputGradientSparse",
        shape,
        lists.at(thread),
        backward.address,
        at(dx),
        scratch.at(thread),
      ),
  };
}
