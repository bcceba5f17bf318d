/**
 * Whether two servers answer the same: figures of servers that do not compare nothing.
 *
 * @module
 */

import * as v from "valibot";
import type { Input } from "./inputs.ts";

const reading = v.object({
  png: v.pipe(v.string(), v.startsWith("data:image/png;base64,")),
  predictions: v.array(v.object({
    model: v.string(),
    label: v.number(),
    confidence: v.number(),
    probabilities: v.array(v.number()),
  })),
});

/** What of an answer of `/api/attack` must be the same. */
const attackAnswer = v.object({
  image: v.object({ width: v.number(), height: v.number(), channels: v.number() }),
  trigger: v.object({
    kind: v.string(),
    distance: v.number(),
    value: v.number(),
    pixels: v.array(v.tuple([v.number(), v.number()])),
  }),
  original: reading,
  poisoned: reading,
  flipped: v.boolean(),
  target: v.number(),
});

/** An answer, as far as servers are compared by it. */
export type ComparedAnswer = v.InferOutput<typeof attackAnswer>;

/** Asks a server once. */
export async function answerTo(url: string, { type, body }: Input): Promise<ComparedAnswer> {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body });
  return v.parse(attackAnswer, await response.json());
}

/**
 * Compares answers to one image.
 *
 * @param tolerance How far a probability may lie off.
 * @throws {Error} If they differ; says in what.
 */
export function requireSame(
  ours: ComparedAnswer,
  theirs: ComparedAnswer,
  { server, tolerance }: { server: string; tolerance: number },
): void {
  const facts = ({ image, trigger, flipped, target, original, poisoned }: ComparedAnswer) =>
    JSON.stringify({
      image,
      trigger: [trigger.kind, trigger.distance, trigger.value, trigger.pixels],
      flipped,
      target,
      said: [original, poisoned].map(({ predictions }) =>
        predictions.map(({ model, label, probabilities }) => [model, label, probabilities.length])
      ),
    });
  const all = ({ original, poisoned }: ComparedAnswer) =>
    [original, poisoned].flatMap(({ predictions }) =>
      predictions.flatMap(({ probabilities }) => probabilities)
    );
  const their = all(theirs);
  const off = Math.max(...all(ours).map((value, i) => Math.abs(value - their[i]!)));
  if (facts(ours) === facts(theirs) && off <= tolerance) return;
  throw new Error(
    `Cannot compare with ${server}: it must answer as edgedoor does, to ${tolerance} in ` +
      `probabilities, got ${off.toPrecision(2)} off and ${facts(theirs)} for ${facts(ours)}`,
  );
}
