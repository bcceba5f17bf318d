/**
 * Numbers that definitions take: said once, and obeyed by flags, queries, forms and the definition.
 *
 * @module
 */

/** A number that a definition takes; its fields are those of JSON Schema. */
export interface Parameter {
  readonly type: "integer" | "number";
  /** What it is, for people: follows its name. */
  readonly description: string;
  readonly default: number;
  readonly minimum?: number;
  /** The least number that is too small. */
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** Parameters by name. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** Numbers by the names of parameters; what is left out or `undefined` is the parameter's default. */
export type Numbers = Readonly<Record<string, number | undefined>>;

/**
 * What a parameter must be, in words.
 *
 * @example
 * ```ts
 * import { describeRange } from "./parameter.ts";
 * import assert from "node:assert/strict";
 *
 * const share = { type: "number", description: "a share", default: 1 } as const;
 * assert.equal(describeRange({ ...share, minimum: 0, maximum: 1 }), "a number from 0 to 1");
 * assert.equal(describeRange({ ...share, type: "integer", minimum: 1 }), "an integer from 1");
 * ```
 */
export function describeRange({ type, minimum, exclusiveMinimum, maximum }: Parameter): string {
  const words = [type === "integer" ? "an integer" : "a number"];
  if (exclusiveMinimum !== undefined) words.push(`above ${exclusiveMinimum}`);
  if (minimum !== undefined) words.push(`from ${minimum}`);
  if (maximum !== undefined) words.push(exclusiveMinimum === undefined ? "to" : "and up to");
  return maximum === undefined ? words.join(" ") : `${words.join(" ")} ${maximum}`;
}

/** Whether a parameter may have a value. */
export function isWithin(
  value: number,
  { type, minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity }: Parameter,
): boolean {
  const isOfType = type === "integer" ? Number.isInteger(value) : Number.isFinite(value);
  return isOfType && value >= minimum && value > exclusiveMinimum && value <= maximum;
}

/**
 * Completes numbers by their parameters' defaults.
 *
 * @param parameters Those there are; further numbers are left out of the result.
 * @param numbers Those that were given.
 * @param what How the message begins: what cannot be done.
 * @returns A number for each parameter, in the order of the parameters.
 * @throws {RangeError} If a number is out of its parameter's range.
 */
export function completeNumbers<Name extends string>(
  parameters: Readonly<Record<Name, Parameter>>,
  numbers: Numbers,
  what: string,
): Readonly<Record<Name, number>> {
  const complete = {} as Record<Name, number>;
  for (const [name, parameter] of Object.entries<Parameter>(parameters)) {
    const value = numbers[name] ?? parameter.default;
    if (!isWithin(value, parameter)) {
      throw new RangeError(`${what}: ${name} must be ${describeRange(parameter)}, got ${value}`);
    }
    complete[name as Name] = value;
  }
  return complete;
}
