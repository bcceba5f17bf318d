/**
 * Flags for the parameters that definitions name.
 *
 * @module
 */

import type { Command } from "commander";
import {
  describeRange,
  isWithin,
  type Parameter,
  type Parameters,
} from "../../lib/core/parameter.ts";
import { spellFlag } from "../../lib/job/mod.ts";
import { number } from "../cli/arguments.ts";

/** A parameter, and the kinds that take it. */
export interface TakenParameter {
  readonly name: string;
  /** The flag, in camel case: `triggerAmplitude`. */
  readonly flag: string;
  readonly takers: readonly { readonly kind: string; readonly parameter: Parameter }[];
}

/**
 * The parameters of some definitions, each once.
 *
 * @param flagOf The flag of a parameter, in camel case; the parameter's own name unless given.
 */
export function parametersOf(
  definitions: readonly { readonly kind: string; readonly parameters?: Parameters }[],
  flagOf: (parameter: string) => string = (parameter) => parameter,
): readonly TakenParameter[] {
  const names = definitions.flatMap(({ parameters = {} }) => Object.keys(parameters));
  return [...new Set(names)].map((name) => ({
    name,
    flag: flagOf(name),
    takers: definitions.flatMap(({ kind, parameters = {} }) => {
      const parameter = parameters[name];
      return parameter === undefined ? [] : { kind, parameter };
    }),
  }));
}

/** Adds a flag for each parameter to a command. */
export function addParameterFlags(
  command: Command,
  parameters: readonly TakenParameter[],
): Command {
  for (const { flag, takers } of parameters) {
    const [{ parameter }] = takers as [TakenParameter["takers"][0]];
    const ranges = [...new Set(takers.map(({ parameter }) => describeRange(parameter)))];
    const kinds = takers.map(({ kind, parameter }) => `${kind}; default: ${parameter.default}`);
    const same = new Set(takers.map(({ parameter }) => parameter.default)).size === 1;
    const defaults = same
      ? `${takers.map(({ kind }) => kind).join(", ")}; default: ${parameter.default}`
      : kinds.join("; ");
    command.option(
      `${spellFlag(flag)} <n>`,
      `${parameter.description}, ${ranges.join(" or ")} (${defaults})`,
      number(
        (value) => takers.some(({ parameter }) => isWithin(value, parameter)),
        ranges.join(" or "),
      ),
    );
  }
  return command;
}

/** The numbers that flags give to parameters; `undefined` if they give none. */
export function numbersOf(
  flags: object,
  parameters: readonly TakenParameter[],
): Readonly<Record<string, number>> | undefined {
  const values = new Map<string, unknown>(Object.entries(flags));
  const numbers = parameters.flatMap(({ name, flag }) => {
    const value = values.get(flag);
    return typeof value === "number" ? [[name, value] as const] : [];
  });
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers);
}
