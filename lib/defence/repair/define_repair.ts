/**
 * What is the same for all repairs: checks, costs, progress, the record.
 *
 * @module
 */

import { completeNumbers } from "../../core/parameter.ts";
import type { LabelledImages } from "../../core/types.ts";
import type { Cost } from "../defence.ts";
import { createMeter, type Meter } from "../meter.ts";
import type { ReversedTrigger } from "../model/mod.ts";
import type { Repair, RepairableModel, RepairSubject } from "./repair.ts";

/** Fewer clean images say nothing. */
const LEAST_IMAGES = 16;

/** What a repair does. */
export interface RepairMethod<Name extends string> extends Omit<Repair, "cost" | "repair"> {
  readonly parameters: Readonly<Record<Name, Repair["parameters"][string]>>;
  /** What it costs with so many clean images. */
  cost(images: number, numbers: Readonly<Record<Name, number>>): Cost;
  /**
   * Repairs a model, in place.
   *
   * @param options `trigger`: is there if the repair needs one; `meter`: is told of everything that is
   * asked of the model.
   */
  repair(
    model: RepairableModel,
    clean: LabelledImages,
    options: {
      readonly trigger: ReversedTrigger;
      readonly numbers: Readonly<Record<Name, number>>;
      readonly seed: number;
      readonly signal: AbortSignal | undefined;
      readonly meter: Meter;
    },
  ): Promise<void>;
}

/** Makes a repair of what it does. */
export function defineRepair<Name extends string>(method: RepairMethod<Name>): Repair {
  const { name, title, parameters, needsTrigger } = method;
  const what = `Cannot repair a model by ${title}`;
  return {
    ...method,
    cost: ({ clean }, numbers = {}) =>
      method.cost(clean.labels.length, completeNumbers(parameters, numbers, what)),
    async repair(subject, { seed, numbers: given = {}, signal, onProgress }) {
      const numbers = completeNumbers(parameters, given, what);
      requireSubject(subject, { what, needsTrigger });
      signal?.throwIfAborted();
      const { model, clean } = subject;
      const cleanImages = clean.labels.length;
      const meter = createMeter(method.cost(cleanImages, numbers), { signal, onProgress });
      const trigger = subject.trigger!;
      await method.repair(model, clean, { trigger, numbers, seed, signal, meter });
      onProgress?.(1);
      signal?.throwIfAborted();
      return { repair: name, numbers, seed, cleanImages, cost: meter.cost };
    },
  };
}

function requireSubject(
  { model: { classes }, clean: { images, labels }, trigger }: RepairSubject,
  { what, needsTrigger }: { readonly what: string; readonly needsTrigger: boolean },
): void {
  if (labels.length < LEAST_IMAGES) {
    throw new RangeError(
      `${what}: there must be at least ${LEAST_IMAGES} clean images, got ${labels.length}; give ` +
        "some hundred",
    );
  }
  const strange = labels.find((label) => label >= classes);
  if (strange !== undefined) {
    throw new RangeError(
      `${what}: labels must be below ${classes}, as the model's classes, got ${strange}`,
    );
  }
  if (!needsTrigger) return;
  if (trigger === null) {
    throw new RangeError(
      `${what}: there must be a reversed trigger, got none; let Neural Cleanse inspect the model ` +
        "first, or take another repair",
    );
  }
  const [, ...shape] = images.shape;
  if (shape.join() !== trigger.shape.join()) {
    throw new RangeError(
      `${what}: the reversed trigger must be for images of ${shape.join("×")}, got one for ` +
        trigger.shape.join("×"),
    );
  }
}
