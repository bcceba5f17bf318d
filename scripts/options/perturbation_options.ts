/**
 * The flags that say how clean-label perturbs images.
 *
 * @module
 */

import type { Command } from "commander";
import { defaults } from "../../lib/job/mod.ts";
import { type Norm, norms } from "../../lib/perturb/mod.ts";
import { between, integer, oneOf, positive } from "../cli/arguments.ts";
import { choice } from "../cli/flags.ts";

/** All of them: they have a meaning under clean-label alone. */
export const perturbationFlags = [
  ...["perturbation", "norm", "eps", "epsStep", "steps", "randomStarts", "proxy"] as const,
  ...["latent", "tau", "ganEpochs", "withoutReplacement"] as const,
];

/** Adds them to a command. */
export function addPerturbationFlags(command: Command): Command {
  const { budgets, ganDefaults, perturbationKinds, pgdDefaults, proxyKinds } = defaults;
  const { norm, eps, epsStep, steps, randomStarts, proxy } = pgdDefaults;
  const { inf } = budgets;
  const [kind] = perturbationKinds;
  const ofPgd = (what: string, byDefault: number | string) =>
    `${what} (pgd; default: ${byDefault})`;
  return command
    .addOption(
      choice(
        "--perturbation <kind>",
        "what clean-label does to images before the trigger",
        perturbationKinds,
        `default: ${kind}`,
      ),
    )
    .addOption(
      choice("--norm <p>", "norm of a perturbation", norms.map(String), `pgd; default: ${norm}`)
        .argParser(parseNorm),
    )
    .option(
      "--eps <size>",
      ofPgd("largest size of a perturbation, in its norm", `${eps}, in norm inf ${inf.eps}`),
      positive,
    )
    .option(
      "--eps-step <size>",
      ofPgd("size of a step", `${epsStep}, in norm inf ${inf.epsStep}`),
      positive,
    )
    .option(
      "--steps <n>",
      `steps, or those to find an image in the latent space (pgd; default: ${steps}; gan: ` +
        `${ganDefaults.steps})`,
      integer(1, 100_000),
    )
    .option(
      "--random-starts <n>",
      ofPgd("random points to begin at, 0 for the image itself", randomStarts),
      integer(0, 1000),
    )
    .addOption(
      choice(
        "--proxy <kind>",
        "how the model is trained that the perturbation is aimed at",
        proxyKinds,
        `pgd; default: ${proxy}`,
      ),
    )
    .option(
      "--latent <n>",
      `values of the generator's latent vectors (gan; default: ${ganDefaults.latent})`,
      integer(1, 10_000),
    )
    .option(
      "--tau <share>",
      `how far towards an image of another class (gan; default: ${ganDefaults.tau})`,
      between(0, 1),
    )
    .option(
      "--gan-epochs <n>",
      `passes over the training set for the generator (gan; default: ${ganDefaults.epochs})`,
      integer(1, 1000),
    )
    .option(
      "--without-replacement",
      "draw each image once; else, as ART does, some are drawn again, and fewer poisoned",
    );
}

function parseNorm(text: string): Norm {
  const norm = oneOf(norms.map(String))(text);
  return norms.find((known) => String(known) === norm)!;
}
