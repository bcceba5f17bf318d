/**
 * Numbers that a request gives to definitions.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import { describeRange, isWithin, type Parameters } from "../core/parameter.ts";
import type { NumbersByName } from "./request.ts";

/**
 * Checks numbers against the parameters of those that get them.
 *
 * @param numbers What is given; nothing is checked if left out.
 * @param options.what How messages begin: what cannot be done.
 * @param options.takers All definitions of this sort, for the advice.
 * @param options.taken The parameters of those that get the numbers.
 * @param options.nameOf How messages name a parameter.
 * @throws {UsageError} If none of those takes a number, or it is out of range.
 */
export function checkNumbers(
  numbers: NumbersByName = {},
  { what, takers, taken, nameOf }: {
    what: string;
    takers: readonly { readonly kind: string; readonly parameters: Parameters }[];
    taken: readonly Parameters[];
    nameOf: (parameter: string) => string;
  },
): void {
  for (const [name, value] of Object.entries(numbers)) {
    const ranges = taken.flatMap((parameters) => parameters[name] ?? []);
    if (ranges.length === 0) {
      const kinds = takers.filter(({ parameters }) => name in parameters).map(({ kind }) => kind);
      throw new UsageError(
        `${what}: ${nameOf(name)} belongs to ${kinds.join(", ") || "none that there is"}, got ` +
          `${value}; leave it out, or choose what takes it`,
      );
    }
    const broken = ranges.find((range) => !isWithin(value, range));
    if (broken !== undefined) {
      throw new UsageError(
        `${what}: ${nameOf(name)} must be ${describeRange(broken)}, got ${value}`,
      );
    }
  }
}
