/**
 * What is the same for all defences of training sets: checks.
 *
 * @module
 */

import { has } from "../input/mod.ts";
import type { RowDefence, RowNeed, RowSubject } from "./row_defence.ts";

/** What a subject lacks, in words. */
const lacks: Readonly<Record<RowNeed, string>> = {
  model: "a model that was trained on the set",
  reference: "clean images with their classes",
  training: "a way to train a model on the set",
  activations: "a model that gives the activations of its last hidden layer",
  dropout: "a model that classifies with dropout",
  scaling: "a model whose layers can be amplified",
};

/** Whether a subject has what a defence may ask for. */
export function subjectHas({ model, reference, losses }: RowSubject, need: RowNeed): boolean {
  if (need === "model") return model !== undefined;
  if (need === "reference") return reference !== undefined;
  if (need === "training") return losses !== undefined;
  return model !== undefined && has(model, need);
}

/** Makes a defence that refuses subjects without what it needs. */
export function defineRowDefence(defence: RowDefence): RowDefence {
  const { title, needs, score } = defence;
  return {
    ...defence,
    async score(subject, options) {
      const missing = needs.find((need) => !subjectHas(subject, need));
      if (missing !== undefined) {
        throw new RangeError(
          `Cannot score rows by ${title}: there must be ${
            lacks[missing]
          }, got none; give it, or take ` +
            "another defence",
        );
      }
      options.signal?.throwIfAborted();
      const scores = await score(subject, options);
      options.signal?.throwIfAborted();
      options.onProgress?.(1);
      return scores;
    },
  };
}
