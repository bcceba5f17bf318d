/**
 * The flags that say which data and what is done to it, for `train` and `poison`: what they are, and
 * which contradict each other.
 *
 * @module
 */

import type { Command } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import { datasetDefinitions } from "../../lib/data/mod.ts";
import { attackDefinitions } from "../../lib/poison/mod.ts";
import { integer, share } from "../cli/arguments.ts";
import { choice, spell } from "../cli/flags.ts";
import {
  addPerturbationFlags,
  type PerturbationFlags,
  perturbationFlags,
  perturbationJob,
} from "./perturbation_options.ts";
import type { DataJob } from "../training_data.ts";
import {
  addTriggerFlags,
  DEFAULT_TRIGGER,
  type TriggerFlags,
  triggerFlags,
} from "./trigger_options.ts";

/** The flags as they were given; `undefined` where they were not. */
export interface DataFlags extends TriggerFlags, PerturbationFlags {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly attack?: string;
  readonly source?: number | "all";
  readonly target?: number;
  readonly poisonRate?: number;
  readonly seed?: number;
  readonly limit?: number;
}

const DEFAULT_DATASET = "mnist";

/**
 * Adds the flags that say which data and what is done to it to a command.
 *
 * @param options.dataset What is said of the default data set.
 */
export function addDataFlags(
  command: Command,
  { dataset = `default: ${DEFAULT_DATASET}` }: { dataset?: string } = {},
): Command {
  command
    .addOption(choice("--dataset <name>", "data set", names(datasetDefinitions), dataset))
    .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
    .addOption(
      choice("--attack <kind>", "attack", kinds(attackDefinitions), "default: single-target"),
    );
  addTriggerFlags(command)
    .option("--source <class>", "class to poison, or all (default: all)", classOrAll)
    .option("--target <class>", "class to aim at (default: 0)", integer(0, 255))
    .option(
      "--poison-rate <share>",
      "poisoned share of the resulting training set (default: 0.1), or, under clean-label, of the " +
        "target class (default: 0.5)",
      share,
    )
    .option("--seed <n>", "seed of all random numbers (default: 1)", integer(0, 2 ** 32 - 1))
    .option(
      "--limit <n>",
      "take the first n training images of a seeded shuffle (default: all)",
      integer(1, 10_000_000),
    );
  return addPerturbationFlags(command);
}

/**
 * The data that flags ask for.
 *
 * @throws {UsageError} If flags contradict each other.
 */
export function dataJob(flags: DataFlags): DataJob {
  const { attack = "single-target" } = flags;
  refuseContradictions(attack, flags);
  const keepsLabels = attack === "clean-label";
  return {
    dataset: flags.dataset ?? DEFAULT_DATASET,
    dataDir: flags.dataDir,
    attack,
    trigger: flags.trigger ?? DEFAULT_TRIGGER,
    triggerAmplitude: flags.triggerAmplitude,
    triggerSize: flags.triggerSize,
    triggerPlace: flags.triggerPlace,
    triggerBlend: flags.triggerBlend,
    source: flags.source ?? "all",
    target: flags.target ?? 0,
    poisonRate: attack === "none" ? 0 : flags.poisonRate ?? (keepsLabels ? 0.5 : 0.1),
    seed: flags.seed ?? 1,
    limit: flags.limit,
    ...keepsLabels
      ? { perturbation: perturbationJob(flags), withReplacement: !flags.withoutReplacement }
      : {},
  };
}

/** Flags that say nothing under an attack; giving one of them is a mistake, not a detail. */
const meaningless: Readonly<Record<string, readonly (keyof DataFlags)[]>> = {
  "none": [...triggerFlags, "source", "target", "poisonRate", ...perturbationFlags],
  "single-target": perturbationFlags,
  "all-to-all": ["source", "target", ...perturbationFlags],
  // Whatever is not of the target class is to be misread.
  "clean-label": ["source"],
};

function refuseContradictions(attack: string, flags: DataFlags): void {
  const idle = meaningless[attack]?.find((flag) => flags[flag] !== undefined);
  if (idle !== undefined) {
    throw new UsageError(
      `Cannot make attack: ${spell(idle)} must be left out with --attack ${attack}, where it has ` +
        `no meaning, got ${flags[idle]}; leave one of them out`,
    );
  }
  const { source, target = 0 } = flags;
  if (attack === "single-target" && source === target) {
    throw new UsageError(
      `Cannot make attack: --source and --target must be different classes, got ${target} for both`,
    );
  }
}

/** The names of what is chosen by name. */
export function names(definitions: readonly { readonly name: string }[]): string[] {
  return definitions.map(({ name }) => name);
}

function kinds(definitions: readonly { readonly kind: string }[]): string[] {
  return definitions.map(({ kind }) => kind);
}

function classOrAll(text: string): number | "all" {
  return text === "all" ? "all" : integer(0, 255)(text);
}
