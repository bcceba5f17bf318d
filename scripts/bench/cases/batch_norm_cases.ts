/**
 * Batch normalisation at the residual network's largest size: what goes over all values. What goes
 * over channels alone takes no time.
 *
 * @module
 */

import type { KernelModule } from "../../../lib/wasm/module.ts";
import type { Arena } from "./arena.ts";
import type { KernelCase } from "./kernel_case.ts";

const CHANNELS = 16;
const PIXELS = 32 * 32;

/** The kernels of batch normalisation on so many images. */
export function batchNormCases(images: number): KernelCase[] {
  const rows = images * PIXELS;
  const count = rows * CHANNELS;
  const channels = (arena: Arena) => arena.floats(5 * CHANNELS);
  const normCase = (
    kernel: string,
    prepare: (module: KernelModule, arena: Arena, x: number) => () => void,
  ): KernelCase => ({
    kernel,
    size: "resnet group 1: 32×32×16",
    prepare: (module, arena) => prepare(module, arena, arena.floats(count)),
  });
  return [
    normCase("batchNormStatistics", (module, arena, x) => {
      const state = arena.bytes(module.batchNormStateBytes(CHANNELS));
      return () => module.batchNormStatistics(x, rows, CHANNELS, state);
    }),
    normCase("batchNormApply", (module, arena, x) => {
      const [coefficients, residual] = [channels(arena), arena.floats(count)];
      const y = arena.bytes(count * 4);
      return () => module.batchNormApply(x, rows, CHANNELS, coefficients, residual, 1, y);
    }),
    normCase("batchNormGradientSums", (module, arena, x) => {
      const [dy, y, coefficients] = [arena.floats(count), arena.floats(count), channels(arena)];
      const sums = arena.bytes(2 * CHANNELS * 8);
      return () => module.batchNormGradientSums(x, dy, y, rows, CHANNELS, coefficients, sums);
    }),
    normCase("batchNormGradient", (module, arena, x) => {
      const [dy, factors] = [arena.floats(count), channels(arena)];
      const dx = arena.bytes(count * 4);
      return () => module.batchNormGradient(x, dy, rows, CHANNELS, factors, dx);
    }),
  ];
}
