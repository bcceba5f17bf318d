/**
 * What the definitions of flags have in common.
 *
 * @module
 */

import { Option } from "commander";
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

/** `poisonRate` as `--poison-rate`. */
export function spell(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
