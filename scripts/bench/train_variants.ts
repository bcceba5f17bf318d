/**
 * What trains in `bench:train`: edgedoor's own loop by workers and flags, tfjs's `model.fit`, and the
 * peers.
 *
 * @module
 */

import { formatCountOf } from "../../lib/core/format.ts";
import { printLine } from "../cli/print_line.ts";
import { projectPath } from "../cli/user_folder.ts";
import { interleave, type Variant } from "./interleave.ts";
import { peerProgram } from "./peers/environment.ts";
import { writeArrays } from "./peers/arrays.ts";
import { denoProgram, runProgram } from "./program.ts";
import type { ModelFitOptions } from "./programs/model_fit.ts";
import type { TrainingOptions } from "./programs/training.ts";
import { formatFigure } from "./report.ts";
import { type BenchNetwork, benchNetworks, loadTask, type TaskOptions } from "./training_task.ts";

/** The names of the variants, where one is compared with another. */
export const names = {
  ours: (workers: number, turbo: boolean) =>
    `edgedoor${turbo ? " --turbo" : ""}, ${formatCountOf(workers, "worker")}`,
  fit: (turbo: boolean) => `tfjs model.fit on lib/wasm${turbo ? ", V8's turbo flags" : ""}`,
  pytorch: "PyTorch",
  keras: "Keras",
} as const;

/** What to train, and how much of it. */
export interface VariantOptions extends Pick<TaskOptions, "images" | "testImages"> {
  readonly network: BenchNetwork;
  readonly batchSize: number;
  /** Numbers of workers. */
  readonly workers: readonly number[];
}

/** edgedoor's own loop, by workers and flags, and `model.fit` with the drop-in kernels. */
export function ownVariants(
  { network, batchSize, workers, images, testImages }: VariantOptions,
): Variant[] {
  const task = { network, data: benchNetworks[network], images, testImages, batchSize };
  return [false, true].flatMap((turbo) => [
    ...workers.map((workers): Variant => ({
      name: names.ours(workers, turbo),
      measure: () =>
        runProgram(
          denoProgram("training", { ...task, workers } satisfies TrainingOptions, { turbo }),
        ),
    })),
    {
      name: names.fit(turbo),
      measure: () =>
        runProgram(denoProgram("model_fit", task satisfies ModelFitOptions, { turbo })),
    },
  ]);
}

/** Images that PyTorch's memory formats are tried with. */
const TRIAL_IMAGES = 2_560;

/**
 * PyTorch and Keras on the same images, which are written to files for them; PyTorch in the memory
 * format that is the faster one for this network, tried three times each in turn.
 *
 * @param python The path of a Python that has both.
 */
export async function peerVariants(
  { network, batchSize, images, testImages }: VariantOptions,
  python: string,
): Promise<Variant[]> {
  const data = benchNetworks[network];
  const peerOptions = {
    network,
    batchSize,
    epochs: 1,
    threads: navigator.hardwareConcurrency,
  };
  const folder = projectPath(`.cache/bench/${network}`);
  const trialFolder = projectPath(`.cache/bench/${network}-trial`);
  await writeArrays(await loadTask({ data, images, testImages }), folder);
  const trialImages = Math.min(images ?? TRIAL_IMAGES, TRIAL_IMAGES);
  await writeArrays(await loadTask({ data, images: trialImages, testImages: 256 }), trialFolder);
  const formats = { "channels last": true, "contiguous": false };
  const trial = await interleave(
    Object.entries(formats).map(([name, channelsLast]) => ({
      name,
      measure: () =>
        runProgram(
          peerProgram("pytorch", { ...peerOptions, data: trialFolder, channelsLast }, python),
        ),
    })),
    { rounds: 3 },
  );
  const speed = (format: string) => trial.summary(format, "training")!.median;
  const channelsLast = speed("channels last") >= speed("contiguous");
  printLine(
    `${network}, PyTorch's memory formats: channels last ${
      formatFigure(speed("channels last"))
    }, ` +
      `contiguous ${formatFigure(speed("contiguous"))} images/s`,
  );
  const full = { ...peerOptions, data: folder };
  return [
    {
      name: names.pytorch,
      measure: () => runProgram(peerProgram("pytorch", { ...full, channelsLast }, python)),
    },
    { name: names.keras, measure: () => runProgram(peerProgram("keras", full, python)) },
  ];
}
