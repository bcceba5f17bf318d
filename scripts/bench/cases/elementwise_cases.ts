/**
 * Kernels that go over values or rows once: activations, sums, dropout, losses.
 *
 * @module
 */

import type { KernelModule } from "../../../lib/wasm/module.ts";
import type { Arena } from "./arena.ts";
import type { KernelCase } from "./kernel_case.ts";

const CLASSES = 10;

/** The kernels that go over values or rows once, on so many images. */
export function elementwiseCases(images: number): KernelCase[] {
  return [...valueCases(images), ...rowCases(images), ...classCases(images)];
}

/** Value by value, each at a size that a network has it at. */
function valueCases(images: number): KernelCase[] {
  const block = images * 32 * 32 * 16;
  const pooled = images * 12 * 12 * 64;
  const group = "resnet group 1: 32×32×16";
  const gradientCase = (
    kernel: string,
    call: (module: KernelModule, x: number, dy: number, dx: number) => void,
  ): KernelCase => ({
    kernel,
    size: group,
    prepare(module, arena) {
      const [x, dy, dx] = [arena.floats(block), arena.floats(block), arena.bytes(block * 4)];
      return () => call(module, x, dy, dx);
    },
  });
  return [
    gradientCase("reluGradient", (module, y, dy, dx) => module.reluGradient(y, dy, block, 1, dx)),
    gradientCase("squareGradient", (module, x, dy, dx) => module.squareGradient(x, dy, block, dx)),
    {
      ...gradientCase("add", (module, x, y, out) => module.add(x, y, block, 1, out)),
      size: `${group}, with ReLU`,
    },
    {
      kernel: "dropout",
      size: "article dropout1: 12×12×64",
      prepare(module, arena) {
        const [x, y] = [arena.floats(pooled), arena.bytes(pooled * 4)];
        return () => module.dropout(x, pooled, 0, 1, 2 ** 30, 1 / 0.75, y);
      },
    },
  ];
}

/** Between rows `(rows, channels)` and one row. */
function rowCases(images: number): KernelCase[] {
  const rows = images * 24 * 24;
  const channels = 64;
  const rowCase = (
    kernel: string,
    call: (module: KernelModule, many: number, one: number) => void,
  ): KernelCase => ({
    kernel,
    size: "article conv2: 24×24×64",
    prepare(module, arena) {
      const [many, one] = [arena.floats(rows * channels), arena.floats(channels)];
      return () => call(module, many, one);
    },
  });
  return [
    rowCase("sumRows", (module, x, out) => module.sumRows(x, rows, channels, out)),
    rowCase("addRowSums", (module, x, out) => module.addRowSums(x, rows, channels, out)),
    rowCase("meanRows", (module, x, out) => module.meanRows(x, rows, channels, out)),
    rowCase("repeatRow", (module, out, row) => module.repeatRow(row, rows, channels, 1, out)),
  ];
}

/** On the classes' logits. */
function classCases(images: number): KernelCase[] {
  const classCase = (
    kernel: string,
    prepare: (module: KernelModule, arena: Arena, logits: number) => () => void,
  ): KernelCase => ({
    kernel,
    size: `${CLASSES} classes`,
    prepare: (module, arena) => prepare(module, arena, arena.floats(images * CLASSES)),
  });
  return [
    classCase("softmax", (module, arena, x) => {
      const y = arena.bytes(images * CLASSES * 4);
      return () => module.softmax(x, images, CLASSES, y);
    }),
    classCase("softmaxCrossEntropy", (module, arena, logits) => {
      const [labels, losses] = [arena.floats(images * CLASSES), arena.bytes(images * 4)];
      const scratch = arena.bytes(CLASSES * 4);
      return () => module.softmaxCrossEntropy(logits, labels, images, CLASSES, losses, scratch);
    }),
    classCase("softmaxCrossEntropyGradient", (module, arena, logits) => {
      const [labels, p] = [arena.bytes(images), arena.bytes(images * 4)];
      const dLogits = arena.bytes(images * CLASSES * 4);
      return () =>
        module.softmaxCrossEntropyGradient(logits, labels, images, CLASSES, 1, p, dLogits);
    }),
  ];
}
