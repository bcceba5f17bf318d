/**
 * The flags that say which data and what is done to it, for `train` and `poison`.
 *
 * @module
 */

import type { Command } from "commander";
import { datasetDefinitions } from "../../lib/data/mod.ts";
import { type DataRequest, defaults } from "../../lib/job/mod.ts";
import { attackDefinitions } from "../../lib/poison/mod.ts";
import { integer, share } from "../cli/arguments.ts";
import { choice, given, names } from "../cli/flags.ts";
import { addAttackFlags, type AttackFlags, attackRequest } from "./attack_options.ts";
import { addPerturbationFlags, perturbationFlags } from "./perturbation_options.ts";

const dataFlags = [
  ...["dataset", "poisonRate", "seed", "limit"] as const,
  ...perturbationFlags,
];

/** The flags as they were given; `undefined` if they were not. */
export interface DataFlags extends AttackFlags, Pick<DataRequest, typeof dataFlags[number]> {
  readonly dataDir?: string;
}

/**
 * Adds the flags that say which data and what is done to it to a command.
 *
 * @param options.dataset What is said of the default data set.
 */
export function addDataFlags(
  command: Command,
  { dataset = `default: ${defaults.DEFAULT_DATASET}` }: { dataset?: string } = {},
): Command {
  command
    .addOption(choice("--dataset <name>", "data set", names(datasetDefinitions), dataset))
    .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz");
  addAttackFlags(command)
    .option(
      "--poison-rate <share>",
      `poisoned share: ${rates()}`,
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
 * What flags ask for. An image that is to be stamped is read here.
 *
 * @throws As `attackRequest`.
 */
export async function dataRequest(flags: DataFlags): Promise<DataRequest> {
  return {
    ...given(flags, dataFlags),
    ...await attackRequest(flags, { seed: flags.seed ?? defaults.DEFAULT_SEED }),
  };
}

/** What the poisoning rate is a share of, by attack, and its default. */
function rates(): string {
  const shares = { "set": "the resulting training set", "target class": "the target class" };
  const words = attackDefinitions.flatMap(({ kind, rate }) =>
    rate === null ? [] : `of ${shares[rate.of]} under ${kind} (default: ${rate.default})`
  );
  return words.join("; ");
}
