/**
 * The flags that say how clean-label perturbs images, and which contradict each other.
 *
 * @module
 */

import type { Command } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import {
  type Norm,
  norms,
  type PerturbationNumbers,
  type PgdNumbers,
} from "../../lib/perturb/mod.ts";
import { between, integer, oneOf, positive } from "../cli/arguments.ts";
import { choice, spell } from "../cli/flags.ts";
import { ganDefaults } from "../gan_perturbation.ts";
import { perturbationKinds, pgdDefaults } from "../perturbation.ts";
import { type ProxyKind, proxyKinds } from "../proxy.ts";

/** The flags as they were given; `undefined` where they were not. */
export interface PerturbationFlags {
  readonly perturbation?: PerturbationNumbers["kind"];
  readonly norm?: Norm;
  readonly eps?: number;
  readonly epsStep?: number;
  readonly steps?: number;
  readonly randomStarts?: number;
  readonly proxy?: ProxyKind;
  readonly latent?: number;
  readonly tau?: number;
  readonly ganEpochs?: number;
  readonly withoutReplacement?: boolean;
}

/** The numbers of each perturbation. */
const flagsOf = {
  pgd: ["norm", "eps", "epsStep", "steps", "randomStarts", "proxy"],
  gan: ["latent", "tau", "steps", "ganEpochs"],
  none: [],
} as const satisfies Record<PerturbationNumbers["kind"], readonly (keyof PerturbationFlags)[]>;

/** Those of any perturbation, each once. */
const numberFlags = [...new Set(Object.values(flagsOf).flat())];

/** All of them: they have a meaning under clean-label alone. */
export const perturbationFlags = ["perturbation", ...numberFlags, "withoutReplacement"] as const;

/** Adds them to a command. */
export function addPerturbationFlags(command: Command): Command {
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

/**
 * The perturbation that flags ask for.
 *
 * @throws {UsageError} If flags contradict each other.
 */
export function perturbationJob(flags: PerturbationFlags): PerturbationNumbers {
  const { perturbation = perturbationKinds[0] } = flags;
  const own: readonly string[] = flagsOf[perturbation];
  const idle = numberFlags.find((flag) => flags[flag] !== undefined && !own.includes(flag));
  if (idle !== undefined) {
    throw new UsageError(
      `Cannot make attack: ${spell(idle)} must be left out with --perturbation ${perturbation}, ` +
        `where it has no meaning, got ${flags[idle]}; leave one of them out`,
    );
  }
  switch (perturbation) {
    case "none":
      return { kind: "none" };
    case "gan":
      return {
        kind: "gan",
        latent: flags.latent ?? ganDefaults.latent,
        tau: flags.tau ?? ganDefaults.tau,
        steps: flags.steps ?? ganDefaults.steps,
        epochs: flags.ganEpochs ?? ganDefaults.epochs,
      };
    case "pgd": {
      const { norm = pgdDefaults.norm } = flags;
      return {
        kind: "pgd",
        norm,
        ...budgetOf(norm, flags),
        steps: flags.steps ?? pgdDefaults.steps,
        randomStarts: flags.randomStarts ?? pgdDefaults.randomStarts,
        proxy: flags.proxy ?? pgdDefaults.proxy,
      };
    }
  }
}

/** Sizes of a perturbation and its steps where no flags give them: what is little in one norm is all in another. */
const budgets = {
  2: { eps: pgdDefaults.eps, epsStep: pgdDefaults.epsStep },
  // ART's own.
  inf: { eps: 0.3, epsStep: 0.1 },
} as const;

function budgetOf(
  norm: Norm,
  { eps, epsStep }: PerturbationFlags,
): Pick<PgdNumbers, "eps" | "epsStep"> {
  const budget = norm === 1 ? null : budgets[norm];
  if (budget === null && (eps === undefined || epsStep === undefined)) {
    throw new UsageError(
      "Cannot make attack: --eps and --eps-step must be given with --norm 1, which has no usual " +
        `budget, got ${eps ?? "none"} and ${epsStep ?? "none"}`,
    );
  }
  return { eps: eps ?? budget!.eps, epsStep: epsStep ?? budget!.epsStep };
}

function parseNorm(text: string): Norm {
  const norm = oneOf(norms.map(String))(text);
  return norms.find((known) => String(known) === norm)!;
}
