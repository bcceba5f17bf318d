/**
 * What the definitions of flags have in common.
 *
 * @module
 */

import { Option } from "commander";
import { type Named, nameOf } from "../../lib/core/find_by_name.ts";
import { oneOf } from "./arguments.ts";

/** An option that takes one of some words. */
export function choice(
  flags: string,
  help: string,
  choices: readonly string[],
  note: string,
): Option {
  return new Option(flags, `${help} (choices: ${choices.join(", ")}; ${note})`)
    .argParser(oneOf(choices));
}

/** The names, or kinds, of what is chosen by name. */
export function names(definitions: readonly Named[]): string[] {
  return definitions.map(nameOf);
}

/** Those of some flags that were given. */
export function given<Flags extends object, Key extends keyof Flags>(
  flags: Flags,
  keys: readonly Key[],
): Partial<Pick<Flags, Key>> {
  const entries = keys.flatMap((key) => flags[key] === undefined ? [] : [[key, flags[key]]]);
  return Object.fromEntries(entries);
}
