/**
 * Parsers of flags' values, for commander: each takes a value or says what it must be.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";

/** Takes one of some words. */
export function oneOf(choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(`It must be one of ${choices.join(", ")}.`);
  };
}

/**
 * Takes a whole number, written in digits alone.
 *
 * @param lowest The lowest that is taken, from 0.
 * @param highest The highest that is taken.
 *
 * @example
 * ```ts
 * import { integer } from "./arguments.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(integer(0, 9)("7"), 7);
 * assert.throws(() => integer(0, 9)("1e0"), /from 0 to 9/);
 * ```
 */
export function integer(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`It must be an integer from ${lowest} to ${highest}.`);
  };
}

/** Takes a share: a number above 0, at most 1. */
export const share = number((value) => value > 0 && value <= 1, "above 0 and at most 1");

/** Takes a positive number. */
export const positive = number((value) => value > 0 && value < Infinity, "a number above 0");

/** Takes a percentage: above 0, at most 100. */
export const percentage = number((value) => value > 0 && value <= 100, "above 0 and at most 100");

/** Takes a number within a range, both ends included. */
export function between(lowest: number, highest: number): (text: string) => number {
  return number(
    (value) => value >= lowest && value <= highest,
    `a number from ${lowest} to ${highest}`,
  );
}

/** Takes a number, if it is what it must be. */
export function number(
  isTaken: (value: number) => boolean,
  must: string,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && isTaken(value)) return value;
    throw new InvalidArgumentError(`It must be ${must}.`);
  };
}

/** Takes any text but none. */
export function text(value: string): string {
  if (value.trim() !== "") return value;
  throw new InvalidArgumentError("It must not be empty, nor have a comma too many.");
}

/** Takes values by commas, none of them twice. */
export function listOf<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => [...new Set(text.split(",").map(parse))];
}

/** How an argument names a model, for `--help`. */
export const MODEL_ADDRESS = "NAME, or NAME@VERSION for one version";
