/**
 * What every repair of a model is: it changes the model's weights, by clean images, so that a backdoor
 * is gone and the rest stays.
 *
 * This file imports no implementation; `definitions.ts` lists them.
 *
 * @module
 */

import type { Numbers, Parameters } from "../../core/parameter.ts";
import type { ImageBatch, LabelledImages } from "../../core/types.ts";
import type { GradientOfLogits, Optimizer, StepOptions } from "../../engine/mod.ts";
import type { Cost, DefenceOptions } from "../defence.ts";
import type { ReversedTrigger } from "../model/mod.ts";

/** A layer of a model; an engine's `layers` are these. */
export interface RepairableLayer {
  readonly name: string;
  /** tfjs's, for example `"Conv2D"`. */
  readonly className: string;
  /** Shapes of its weights by their own names, for example `"kernel"`. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** A model whose weights can be read and changed: an engine is one. */
export interface RepairableModel {
  readonly classes: number;
  /** In the network's order. */
  readonly layers: readonly RepairableLayer[];
  /** As `Engine.weights`: copies of a layer's weights by their own names, row-major. */
  weights(layer: string): Record<string, Float32Array>;
  /** As `Engine.setWeights`: puts others in the place of some. */
  setWeights(layer: string, weights: Readonly<Record<string, Float32Array>>): void;
  /** As `Engine.step`. */
  step(batch: LabelledImages, learningRate: number): Promise<number>;
  /** As `Engine.stepBy`. */
  stepBy(
    images: ImageBatch,
    gradient: GradientOfLogits,
    learningRate: number,
    options?: StepOptions,
  ): Promise<void>;
  /** As `Engine.classify`: probabilities, `(N, classes)`, row-major. */
  classify(images: ImageBatch): Promise<Float32Array>;
  /** As `Engine.activations`: of the last hidden layer, `(N, width)`, row-major. */
  activations(images: ImageBatch): Promise<Float32Array>;
}

/** A model, and what there is to repair it by. */
export interface RepairSubject {
  readonly model: RepairableModel;
  /** Images that are certain to carry no trigger, with their classes. */
  readonly clean: LabelledImages;
  /** As a defence of models has reversed it; `null` for none. */
  readonly trigger: ReversedTrigger | null;
}

/** What was done to a model, as it stands in its manifest. */
export interface RepairRecord {
  /** The repair's name. */
  readonly repair: string;
  /** All numbers that it was run with. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly cleanImages: number;
  readonly cost: Cost;
}

/** How a model is repaired. */
export interface RepairOptions extends DefenceOptions {
  /** By the repair's parameters; what is left out is the parameter's default. */
  readonly numbers?: Numbers | undefined;
}

/** A repair of a model. */
export interface Repair {
  /** Lower case, with hyphens. */
  readonly name: string;
  /** As its authors call it. */
  readonly title: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Whether it goes by a trigger that was reversed before. */
  readonly needsTrigger: boolean;
  /** How the model's engine is to follow gradients; `null` if it is not trained. */
  readonly optimizer: Optimizer | null;
  readonly parameters: Parameters;
  /** What a repair costs. */
  cost(subject: RepairSubject, numbers?: Numbers): Cost;
  /**
   * Repairs a model, in place. If it fails or is stopped, the weights are somewhere on the way.
   *
   * @throws {RangeError} If a trigger is missing, the images are too few, a number is out of range, or
   * the model's last layer is not dense.
   * @throws {DivergenceError} If the loss of its training is no longer a finite number.
   * @throws The signal's reason, if it fires.
   */
  repair(subject: RepairSubject, options: RepairOptions): Promise<RepairRecord>;
}
