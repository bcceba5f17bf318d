/**
 * The tables of `bench`.
 *
 * @module
 */

import { caseName } from "./cases/kernel_case.ts";
import { kernelCases } from "./cases/kernel_cases.ts";
import { networkCases } from "./cases/network_cases.ts";
import { operationCases } from "./cases/operation_cases.ts";
import type { Samples } from "./interleave.ts";
import { formatFigure, formatRatio, type Section } from "./report.ts";

/** The settings of V8 that are compared, and what the variants under them are called. */
export const settings = [
  { name: "default flags", stockName: "stock, default flags", turbo: false },
  { name: "turbo", stockName: "stock, turbo", turbo: true },
] as const;

const [byDefault, turbo] = settings;

/** What a table can be made of: something that was timed. */
interface Timed {
  readonly kernel: string;
  readonly size: string;
  readonly flops?: number;
}

/** Those of the cases that were timed. */
function timed<T extends Timed>(cases: readonly T[], samples: Samples): T[] {
  return cases.filter((each) => samples.summary(byDefault.name, caseName(each)) !== null);
}

/** Milliseconds and, where a case says how much arithmetic it is, GFLOP/s. */
function speed(samples: Samples, variant: string, each: Timed): [ms: string, rate: string] {
  const seconds = samples.summary(variant, caseName(each))?.median;
  return [
    formatFigure(seconds === undefined ? null : 1000 * seconds),
    formatFigure(
      seconds === undefined || each.flops === undefined ? null : each.flops / seconds / 1e9,
    ),
  ];
}

/** How many times as fast a variant is as another. */
function speedup(samples: Samples, variant: string, other: string, each: Timed): string {
  return formatRatio(samples.ratio(caseName(each), other, variant));
}

/** The kernels by themselves. */
export function kernelSection(samples: Samples, { images }: { images: number }): Section {
  return {
    name: "bench kernels",
    tables: [{
      title: "Kernels",
      head: ["kernel", "at", "ms", "GFLOP/s", "turbo: ms", "GFLOP/s", "turbo to default"],
      alignments: "<<>>>>>",
      rows: timed(kernelCases(images), samples).map((each) => [
        each.kernel,
        each.size,
        ...speed(samples, byDefault.name, each),
        ...speed(samples, turbo.name, each),
        speedup(samples, turbo.name, byDefault.name, each),
      ]),
      notes: [
        `The module's functions on one core, ${images} images a call unless said otherwise; medians. ` +
        "GFLOP/s are of the arithmetic that the definition asks for: Winograd's convolutions do " +
        "with less of it, sparse gradients are counted by their values that are not zero.",
      ],
    }],
    results: samples.toJson(),
  };
}

/** tfjs's operations with the kernels and without. */
export function operationSection(samples: Samples, { images }: { images: number }): Section {
  return {
    name: "bench operations",
    tables: [{
      title: "Against tfjs's own kernels",
      head: [
        ...["tfjs's kernel", "at", "ms", "stock: ms", "times as fast"],
        ...["turbo: ms", "stock: ms", "times as fast"],
      ],
      alignments: "<<>>>>>>",
      rows: timed(operationCases(images), samples).map((each) => [
        each.kernel,
        each.size,
        ...settings.flatMap(({ name, stockName }) => [
          speed(samples, name, each)[0],
          speed(samples, stockName, each)[0],
          speedup(samples, name, stockName, each),
        ]),
      ]),
      notes: [
        `tfjs's operations on its wasm backend, one thread, ${images} images a call: with the ` +
        "drop-in kernels, and as the backend comes. “–”: it has no such kernel.",
      ],
    }],
    results: samples.toJson(),
  };
}

/** Whole networks, forward and back to the images. */
export function networkSection(samples: Samples, { images }: { images: number }): Section {
  const rate = (variant: string, each: Timed & { images: number }) => {
    const seconds = samples.summary(variant, caseName(each))?.median;
    return formatFigure(seconds === undefined ? null : each.images / seconds);
  };
  return {
    name: "bench networks",
    tables: [{
      title: "Networks",
      head: ["", "of", "ms", "images/s", "turbo: ms", "images/s", "turbo to default"],
      alignments: "<<>>>>>",
      rows: timed(networkCases(images), samples).map((each) => [
        each.kernel,
        each.size,
        ...settings.flatMap(({ name }) => [speed(samples, name, each)[0], rate(name, each)]),
        speedup(samples, turbo.name, byDefault.name, each),
      ]),
      notes: [
        "One thread; medians. `predict` is tfjs's, which the server uses; `classify` the engine's, " +
        "which evaluation uses.",
      ],
    }],
    results: samples.toJson(),
  };
}
