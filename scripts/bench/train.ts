/**
 * `deno task bench:train`: images a second of each network, and against PyTorch and Keras.
 *
 * @module
 */

import { resolve } from "node:path";
import { UsageError } from "../../lib/core/errors.ts";
import { integer } from "../cli/arguments.ts";
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
import { endToEndSection, measureEndToEnd } from "./end_to_end.ts";
import { interleave } from "./interleave.ts";
import { setUpPeers } from "./peers/environment.ts";
import type { Section } from "./report.ts";
import { trainSection } from "./train_report.ts";
import { ownVariants, peerVariants } from "./train_variants.ts";
import { type BenchNetwork, benchNetworks } from "./training_task.ts";

interface Flags extends BenchFlags {
  readonly network?: BenchNetwork;
  readonly peers?: boolean;
  readonly python?: string;
  readonly endToEnd?: boolean;
  readonly images?: number;
}

const networks = Object.keys(benchNetworks) as BenchNetwork[];

const command = createBenchCommand(
  "bench:train",
  "Measure training and evaluation, images a second, by workers and flags.",
  [
    "bench:train",
    "bench:train --network article --peers",
    "bench:train --end-to-end --peers --save",
    "bench:train --network badnets --quick --json",
  ],
)
  .addOption(networkOption("all"))
  .option("--images <n>", "images in an epoch (default: all)", integer(128, 10_000_000))
  .option("--peers", "train with PyTorch and Keras too; makes a Python environment in .cache/peers")
  .option("--python <path>", "a Python with PyTorch and TensorFlow, instead of making one")
  .option("--end-to-end", "measure deno task train from start to end instead")
  .action(async (flags: Flags) => {
    const { network, images, endToEnd: isWhole } = flags;
    if (isWhole && (network !== undefined || images !== undefined)) {
      throw new UsageError(
        "Cannot measure: --network and --images cannot be combined with --end-to-end, which runs " +
          "deno task train as it is",
      );
    }
    if (flags.python !== undefined && !flags.peers) {
      throw new UsageError("Cannot measure: --python must come with --peers, got it alone");
    }
    const provenance = await beginBench("bench:train", flags);
    const python = flags.peers ? pythonOf(flags) ?? await setUpPeers() : undefined;
    const sections = flags.endToEnd ? [await endToEnd(flags, python)] : await Array.fromAsync(
      network === undefined ? networks : [network],
      (network) => measureNetwork(network, flags, python),
    );
    await finishBench(provenance, sections, flags);
  });

if (import.meta.main) await main(command);

/** The Python that is given: a program that is found, or a path from where the user stands. */
function pythonOf({ python }: Flags): string | undefined {
  return python?.includes("/") ? resolve(python) : python;
}

async function endToEnd(flags: Flags, python: string | undefined): Promise<Section> {
  return endToEndSection(
    await measureEndToEnd({
      rounds: roundsOf(flags, 3),
      quick: flags.quick,
      python,
      onAnswer: showAnswers("end to end"),
    }),
  );
}

async function measureNetwork(
  network: BenchNetwork,
  flags: Flags,
  python: string | undefined,
): Promise<Section> {
  const workers = flags.quick ? [navigator.hardwareConcurrency] : workerCounts();
  const options = {
    network,
    workers,
    batchSize: 128,
    images: flags.images ?? (flags.quick ? 256 : undefined),
    testImages: flags.quick ? 128 : undefined,
  };
  const variants = ownVariants(options);
  if (python !== undefined) variants.push(...await peerVariants(options, python));
  const samples = await interleave(variants, {
    rounds: roundsOf(flags, 3),
    onAnswer: showAnswers(network),
  });
  return trainSection(network, samples, {
    workers,
    notes: [
      "One epoch, batch 128, Adam at .001, shuffling and batching included, after ten steps that do " +
      "not count; each variant in a fresh process, in turn. Evaluation in the batch that is the " +
      "fastest for a peer.",
    ],
  });
}

/** One worker and, where there are cores for it, one a core. */
function workerCounts(): number[] {
  return [...new Set([1, navigator.hardwareConcurrency])];
}
