/**
 * `deno task bench:scale`: images a second of training against images, workers, batch.
 *
 * @module
 */

import { main } from "../cli/cli.ts";
import {
  beginBench,
  type BenchFlags,
  createBenchCommand,
  finishBench,
  networkOption,
  roundsOf,
  showAnswers,
} from "./bench_command.ts";
import { interleave } from "./interleave.ts";
import { denoProgram, runProgram } from "./program.ts";
import type { TrainingOptions } from "./programs/training.ts";
import { type Point, pointsOf, scaleSection, type Sweep, variantName } from "./scale_points.ts";
import { type BenchNetwork, benchNetworks } from "./training_task.ts";

interface Flags extends BenchFlags {
  readonly network?: BenchNetwork;
}

/** Test images: their evaluation is not shown here. */
const TEST_IMAGES = 128;

const command = createBenchCommand(
  "bench:scale",
  "Measure training against the number of images, of workers, and the batch.",
  ["bench:scale", "bench:scale --network badnets --save", "bench:scale --quick --json"],
)
  .addOption(networkOption("article"))
  .action(async (flags: Flags) => {
    const provenance = await beginBench("bench:scale", flags);
    const { network = "article", quick } = flags;
    const cores = navigator.hardwareConcurrency;
    const usual: Point = { images: quick ? 256 : 15_000, workers: cores, batchSize: 128 };
    const sweeps: readonly Sweep[] = quick ? [{ size: "images", values: [128, 256] }] : [
      { size: "images", values: [1_000, 4_000, 15_000, 60_000] },
      { size: "workers", values: Array.from({ length: cores }, (_, i) => i + 1) },
      { size: "batchSize", values: [32, 64, 128, 256, 512] },
    ];
    const variants = pointsOf(usual, sweeps).flatMap((point) =>
      [false, true].map((turbo) => ({
        name: variantName(point, turbo),
        measure: () =>
          runProgram(
            denoProgram(
              "training",
              {
                ...point,
                network,
                data: benchNetworks[network],
                testImages: TEST_IMAGES,
              } satisfies TrainingOptions,
              { turbo },
            ),
          ),
      }))
    );
    const samples = await interleave(variants, {
      rounds: roundsOf(flags, 3),
      onAnswer: showAnswers(network),
    });
    await finishBench(provenance, [scaleSection(network, samples, { usual, sweeps })], flags);
  });

if (import.meta.main) await main(command);
