/**
 * The flags that say what is attacked and by which trigger, for `train`, `poison` and `evaluate`.
 *
 * @module
 */

import type { Command } from "commander";
import { type AttackRequest, defaults } from "../../lib/job/mod.ts";
import { attackDefinitions } from "../../lib/poison/mod.ts";
import { integer } from "../cli/arguments.ts";
import { choice, given, names } from "../cli/flags.ts";
import { addParameterFlags, numbersOf, parametersOf } from "./parameter_flags.ts";
import { addTriggerFlags, type TriggerFlags, triggerRequest } from "./trigger_options.ts";

const attackFlags = ["attack", "source", "target"] as const;

/** The flags as they were given; `undefined` if they were not. */
export interface AttackFlags extends TriggerFlags, Pick<AttackRequest, typeof attackFlags[number]> {
}

/** What is said of the defaults, by flag. */
export type AttackDefaults = Readonly<Record<"trigger" | typeof attackFlags[number], string>>;

const ownDefaults: AttackDefaults = {
  attack: defaults.DEFAULT_ATTACK,
  trigger: defaults.DEFAULT_TRIGGER,
  source: "all",
  target: "0",
};

/** The parameters of attacks. */
const attackParameters = parametersOf(attackDefinitions);

/**
 * Adds the flags to a command.
 *
 * @param said What is said of the defaults.
 */
export function addAttackFlags(command: Command, said: AttackDefaults = ownDefaults): Command {
  command.addOption(
    choice("--attack <kind>", "attack", names(attackDefinitions), `default: ${said.attack}`),
  );
  addTriggerFlags(command, said.trigger)
    .option("--source <class>", `class to attack, or all (default: ${said.source})`, classOrAll)
    .option("--target <class>", `class to aim at (default: ${said.target})`, integer(0, 255));
  return addParameterFlags(command, attackParameters);
}

/**
 * What flags ask for. An image that is to be stamped is read here.
 *
 * @param options.seed Decides random places.
 * @throws {UsageError} If a flag is out of range, or nothing that is stamped takes it.
 * @throws {NotFoundError} If there is no such image.
 * @throws {ImageDecodeError} If a file is no image that can be read.
 */
export async function attackRequest(
  flags: AttackFlags,
  { seed }: { seed: number },
): Promise<AttackRequest> {
  const attackNumbers = numbersOf(flags, attackParameters);
  return {
    ...given(flags, attackFlags),
    ...attackNumbers && { attackNumbers },
    ...await triggerRequest(flags, { seed }),
  };
}

function classOrAll(text: string): number | "all" {
  return text === "all" ? "all" : integer(0, 255)(text);
}
