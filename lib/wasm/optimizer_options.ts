/**
 * What the optimizers of this module are made with: options by name, or values in the order in which
 * tfjs's own take them. What is neither is refused: ignored, it would train at a default that nobody
 * asked for.
 *
 * @module
 */

/** What an option may be. */
export interface OptionRule {
  /** Its value if it is left out, which also says its type. */
  readonly default: number | boolean;
  /** What a number must be below; it must be finite unless given. The lowest is 0. */
  readonly below?: number;
}

/** The rules of all options, in the order in which tfjs takes them. */
export type OptionRules<Options> = Readonly<Record<keyof Options & string, OptionRule>>;

/**
 * Reads the arguments of an optimizer's constructor.
 *
 * @param name The optimizer's, for messages.
 * @param given One object, or values in the order of the rules.
 * @throws {TypeError} If an option is unknown, or of another type.
 * @throws {RangeError} If a number is out of range.
 */
export function readOptions<Options extends object>(
  name: string,
  rules: OptionRules<Options>,
  given: readonly unknown[],
): Options {
  const names = Object.keys(rules) as (keyof Options & string)[];
  const [first] = given;
  const isByName = typeof first === "object" && first !== null && given.length === 1;
  const named: Readonly<Record<string, unknown>> = isByName
    ? { ...first }
    : Object.fromEntries(given.map((value, i) => [names[i] ?? `argument ${i + 1}`, value]));
  const unknown = Object.keys(named).find((key) => !(key in rules));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot make ${name}: its options must be among ${names.join(", ")}, got ${unknown}`,
    );
  }
  const options = names.map((key) => {
    const rule = rules[key];
    const value = named[key] === undefined ? rule.default : named[key];
    checkOption(name, key, { value, rule });
    return [key, value];
  });
  return Object.fromEntries(options) as Options;
}

function checkOption(
  name: string,
  key: string,
  { value, rule }: { readonly value: unknown; readonly rule: OptionRule },
): void {
  const { below = Infinity } = rule;
  if (typeof value !== typeof rule.default) {
    const got = typeof value === "string" ? `"${value}"` : String(value);
    throw new TypeError(
      `Cannot make ${name}: ${key} must be a ${typeof rule.default}, got ${got}`,
    );
  }
  if (typeof value !== "number" || (value >= 0 && value < below)) return;
  const range = below === Infinity ? "finite and from 0" : `from 0 to below ${below}`;
  throw new RangeError(`Cannot make ${name}: ${key} must be ${range}, got ${value}`);
}
