/**
 * What a measuring program answers with: one JSON document, the last line on standard output.
 *
 * @module
 */

import * as v from "valibot";

const answerSchema = v.strictObject({
  figures: v.record(v.string(), v.pipe(v.number(), v.finite())),
  about: v.optional(v.record(v.string(), v.string()), {}),
});

/** What was measured once. */
export interface Answer {
  /** By what they are figures of, for example `"training"`: images a second. */
  readonly figures: Readonly<Record<string, number>>;
  /** What a reader should know of how it was measured, for example a library's version. */
  readonly about: Readonly<Record<string, string>>;
}

/**
 * Reads a program's answer; whatever it printed before is passed over.
 *
 * @throws {Error} If the last line is no answer.
 */
export function parseAnswer(output: string): Answer {
  const line = output.trimEnd().split("\n").at(-1)!;
  const result = v.safeParse(answerSchema, parseJson(line));
  if (result.success) return result.output;
  throw new Error(
    "Cannot read a measurement: the last line must be a JSON document with finite figures, " +
      `got ${JSON.stringify(line.slice(0, 200))}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
