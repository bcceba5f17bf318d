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
import { addParameterFlags, numbersOf, parametersOf } from "./parameter_flags.ts";
import { addPerturbationFlags, perturbationFlags } from "./perturbation_options.ts";
import { addTriggerFlags, type TriggerFlags, triggerRequest } from "./trigger_options.ts";

const dataFlags = [
  ...["dataset", "attack", "source", "target", "poisonRate", "seed", "limit"] as const,
  ...perturbationFlags,
];

/** The flags as they were given; `undefined` if they were not. */
export interface DataFlags extends TriggerFlags, Pick<DataRequest, typeof dataFlags[number]> {
  readonly dataDir?: string;
}

/** The parameters of attacks. */
const attackParameters = parametersOf(attackDefinitions);

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
    .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
    .addOption(
      choice(
        "--attack <kind>",
        "attack",
        names(attackDefinitions),
        `default: ${defaults.DEFAULT_ATTACK}`,
      ),
    );
  addTriggerFlags(command)
    .option("--source <class>", "class to poison, or all (default: all)", classOrAll)
    .option("--target <class>", "class to aim at (default: 0)", integer(0, 255))
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
  addParameterFlags(command, attackParameters);
  return addPerturbationFlags(command);
}

/**
 * What flags ask for. An image that is to be stamped is read here.
 *
 * @throws {UsageError} If a flag is out of range, or nothing that is stamped takes it.
 * @throws {NotFoundError} If there is no such image.
 * @throws {ImageDecodeError} If a file is no image that can be read.
 */
export async function dataRequest(flags: DataFlags): Promise<DataRequest> {
  const attackNumbers = numbersOf(flags, attackParameters);
  return {
    ...given(flags, dataFlags),
    ...attackNumbers && { attackNumbers },
    ...await triggerRequest(flags, { seed: flags.seed ?? defaults.DEFAULT_SEED }),
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

function classOrAll(text: string): number | "all" {
  return text === "all" ? "all" : integer(0, 255)(text);
}
