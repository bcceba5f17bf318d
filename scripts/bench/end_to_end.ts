/**
 * `bench:train --end-to-end`: `deno task train` from its start to its end, against Keras by the
 * article's recipe.
 *
 * @module
 */

import * as v from "valibot";
import { TURBO_FLAGS } from "../cli/turbo.ts";
import { projectPath } from "../cli/user_folder.ts";
import type { Answer } from "./answer.ts";
import { interleave, type InterleaveOptions, type Samples, type Variant } from "./interleave.ts";
import { writeArrays } from "./peers/arrays.ts";
import { peerProgram } from "./peers/environment.ts";
import { outputOf } from "../tools/run_program.ts";
import { runProgram } from "./program.ts";
import { formatRatio, formatSummary, type Section } from "./report.ts";
import { formatPercent } from "../../lib/core/format.ts";
import { loadTask } from "./training_task.ts";

/** How to run it. */
export interface EndToEndOptions extends InterleaveOptions {
  /** Trains a smaller network on few images instead: shows that it works. */
  readonly quick?: boolean;
  /** The path of a Python that has Keras; left out, edgedoor alone is measured. */
  readonly python?: string;
}

const QUICK_IMAGES = 600;

/** What is read of `train --json`. */
const trained = v.object({
  cleanAccuracy: v.number(),
  attackSuccessRate: v.number(),
  imagesPerSecond: v.number(),
});

/** Measures both, in turn; edgedoor's seed is the round. */
export async function measureEndToEnd(
  { quick = false, python, ...rounds }: EndToEndOptions,
): Promise<Samples> {
  const variants: Variant[] = [false, true].map((turbo) => ({
    name: taskLine(turbo),
    measure: (round) => trainOnce({ turbo, seed: round, quick }),
  }));
  if (python !== undefined) variants.push(await kerasVariant(python, quick));
  return await interleave(variants, rounds);
}

function taskLine(turbo: boolean): string {
  return `deno task train${turbo ? " --turbo" : ""}`;
}

const KERAS = "Keras, the article's recipe";

async function trainOnce(
  { turbo, seed, quick }: { turbo: boolean; seed: number; quick: boolean },
): Promise<Answer> {
  const began = performance.now();
  const output = await outputOf({
    command: [
      Deno.execPath(),
      ...["task", "--quiet", "train", "--json", "--kv", ":memory:", "--seed", `${seed}`],
      ...turbo ? ["--turbo"] : [],
      ...quick ? ["--model", "badnets", "--limit", `${QUICK_IMAGES}`, "--epochs", "1"] : [],
    ],
  });
  const seconds = (performance.now() - began) / 1000;
  const { cleanAccuracy, attackSuccessRate, imagesPerSecond } = v.parse(
    trained,
    JSON.parse(output),
  );
  const figures = { seconds, training: imagesPerSecond, cleanAccuracy, attackSuccessRate };
  return { figures, about: turbo ? { flags: TURBO_FLAGS.join(" ") } : {} };
}

/** Five epochs of MNIST with a third of it poisoned all-to-all, Adam at .001. */
async function kerasVariant(python: string, quick: boolean): Promise<Variant> {
  const data = projectPath(".cache/bench/all-to-all");
  const images = quick ? QUICK_IMAGES : undefined;
  await writeArrays(await loadTask({ data: "mnist all-to-all", images }), data);
  const threads = navigator.hardwareConcurrency;
  const options = { network: "article", data, batchSize: 128, epochs: 5, threads };
  return {
    name: KERAS,
    measure: () => runProgram(peerProgram("keras", options, python)),
  };
}

/** The section of `--end-to-end`. */
export function endToEndSection(samples: Samples): Section {
  const percent = (variant: string, figure: string) =>
    samples.values(variant, figure).map(formatPercent).join(", ");
  const comparisons = [false, true].map((turbo) => ({
    what: `seconds: ${taskLine(turbo)} to ${KERAS}`,
    ratio: samples.ratio("seconds", taskLine(turbo), KERAS),
  }));
  return {
    name: "bench:train end to end",
    tables: [{
      title: "From start to end",
      head: ["", "seconds", "min…max", "to Keras", "clean accuracy", "attack success"],
      alignments: "<>>><<",
      rows: samples.variants.map((variant) => [
        variant,
        ...formatSummary(samples.summary(variant, "seconds")),
        variant === KERAS ? "1" : formatRatio(samples.ratio("seconds", variant, KERAS)),
        percent(variant, "cleanAccuracy"),
        percent(variant, "attackSuccessRate"),
      ]),
      notes: [
        "`deno task train` as a process: reading the data, training by its default recipe, evaluating " +
        "after each epoch, saving; seeds 1, 2, … a round. Keras: five epochs of the article's " +
        "recipe and one evaluation, without starting Python and reading the data.",
      ],
    }],
    results: { variants: samples.toJson(), comparisons },
  };
}
