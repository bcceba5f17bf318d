/**
 * What every defence of a model is: it gives the model a statistic, and names the class that a
 * backdoor would lead to.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { ImageBatch, ImageShape } from "../../core/types.ts";
import type { GradientOfLogits } from "../../engine/mod.ts";
import type { Cost, DefenceOptions } from "../defence.ts";
import type { ReversedTrigger } from "./reversed_trigger.ts";

/** A model as its defender has it, weights and all: an engine is one. */
export interface SuspectModel {
  readonly classes: number;
  /** As `Engine.classify`: probabilities, `(N, classes)`, row-major. */
  classify(images: ImageBatch): Promise<Float32Array>;
  /**
   * What the last layer says of images before its softmax.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @returns `(N, classes)`, row-major.
   */
  logits(images: ImageBatch): Promise<Float32Array>;
  /** As `Engine.pullBack`: of a function of the logits, its gradient to the images. */
  pullBack(images: ImageBatch, gradients: GradientOfLogits): Promise<Float32Array>;
}

/** A model, and what there is to judge it by. */
export interface ModelSubject {
  readonly model: SuspectModel;
  /** Of the images that the model takes. */
  readonly shape: ImageShape;
  /** Images that are certain to carry no trigger, `(N, H, W, C)`, values in 0–1; `null` for none. */
  readonly clean: ImageBatch | null;
}

/** What a defence has found. Plain numbers, but for the trigger. */
export interface ModelFinding {
  /** The larger, the more suspicious; what is too large, the statistics of clean models tell. */
  readonly statistic: number;
  /** The class that a backdoor would lead to. */
  readonly suspect: number;
  /** By name: a figure for each class, `(classes)`. */
  readonly perClass: Readonly<Record<string, readonly number[]>>;
  /** By name: what is told beside the statistic, for example as the method's authors judge. */
  readonly beside: Readonly<Record<string, number>>;
  /** The suspect's; `null` if the defence looks for none, or has found none. */
  readonly trigger: ReversedTrigger | null;
  readonly cost: Cost;
}

/** A defence of a model. */
export interface ModelDefence {
  /** Lower case, with hyphens. */
  readonly name: string;
  /** As its authors call it. */
  readonly title: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Number of clean images that it needs at least; 0 for none. */
  readonly cleanImages: number;
  /** What inspecting a model costs. */
  cost(subject: ModelSubject): Cost;
  /**
   * Inspects a model.
   *
   * @throws {RangeError} If there are fewer clean images than it needs, or of another size, or the
   * model has fewer than three classes.
   * @throws The signal's reason, if it fires.
   */
  inspect(subject: ModelSubject, options: DefenceOptions): Promise<ModelFinding>;
}
