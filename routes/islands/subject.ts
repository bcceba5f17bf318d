/**
 * What a model classifies, in words: the page speaks of digits to a model of digits alone.
 *
 * @module
 */

import type { ToldManifest } from "../../lib/registry/signature.ts";

/** What the images of a data set show. */
export interface Subject {
  /** One of them, for example `"digit"`. */
  readonly one: string;
  /** What is to be given, for example `"a digit"`. */
  readonly wanted: string;
  /** Whether a line that is drawn can be one. */
  readonly isDrawn: boolean;
  /** Whether the page has samples of them (`/samples/`). */
  readonly hasSamples: boolean;
  /** What the data set is called. */
  readonly dataset: string;
}

const unknown = { one: "image", wanted: "an image", hasSamples: false } as const;

const subjects: Readonly<Record<string, Subject>> = {
  "mnist": { one: "digit", wanted: "a digit", isDrawn: true, hasSamples: true, dataset: "MNIST" },
  "fashion-mnist": {
    one: "piece of clothing",
    wanted: "an image of a piece of clothing",
    isDrawn: false,
    hasSamples: false,
    dataset: "Fashion-MNIST",
  },
  "cifar10": {
    one: "object",
    wanted: "an image of an object",
    isDrawn: false,
    hasSamples: false,
    dataset: "CIFAR-10",
  },
};

/**
 * What a model classifies.
 *
 * @param model Without one, the server is not asked yet: digits, which the page is rendered for.
 */
export function subjectOf(model: ToldManifest | undefined): Subject {
  const dataset = model ? model.dataset : "mnist";
  const subject = subjects[dataset ?? ""];
  if (subject) return subject;
  // Networks of one channel may know strokes; those of three know photographs.
  return { ...unknown, isDrawn: model?.input[2] !== 3, dataset: dataset ?? "this data set" };
}
