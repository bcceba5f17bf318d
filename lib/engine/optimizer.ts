/**
 * What an optimizer's step is to the engine: one kernel, and numbers that change from step to step.
 *
 * @module
 */

import { type Argument, type Call, call } from "./plan.ts";

/** How weights follow their gradients; the rate is the schedule's. */
export type Optimizer =
  | {
    /** Kingma & Ba, arXiv 1412.6980, with β₁ .9, β₂ .999, ε 10⁻⁷. */
    readonly kind: "adam";
    /** Decoupled (AdamW: Loshchilov & Hutter, arXiv 1711.05101), from 0; 0 unless given. */
    readonly weightDecay?: number;
  }
  | {
    /** Gradient descent with momentum. */
    readonly kind: "sgd";
    /** How much of the velocity remains, from 0 to below 1. */
    readonly momentum: number;
    /** Whether the step looks ahead along the velocity. */
    readonly nesterov: boolean;
    /** Times the weight, added to its gradient; from 0. */
    readonly weightDecay: number;
  };

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/** Where a run of weights lies, with what belongs to it. */
export interface UpdatePlaces {
  readonly weights: number;
  /** What the optimizer remembers: Adam's first moment, or SGD's velocity. */
  readonly first: number;
  /** Adam's second moment. */
  readonly second: number;
  readonly gradients: number;
  /** Gradients are the sum of this many arrays. */
  readonly parts: number;
  /** Bytes from one of them to the next. */
  readonly partPitch: number;
  readonly count: number;
}

const rate: Argument = { setting: "rate", plus: 0 };

/** The call that updates these weights. */
export function updateCall(optimizer: Optimizer, places: UpdatePlaces): Call {
  const { weights, first, second, gradients, parts, partPitch, count } = places;
  if (optimizer.kind === "sgd") {
    const { momentum, weightDecay, nesterov } = optimizer;
    return call(
      "sgd",
      weights,
      first,
      gradients,
      parts,
      partPitch,
      count,
      rate,
      momentum,
      weightDecay,
      Number(nesterov),
    );
  }
  const secondCorrection: Argument = { setting: "secondCorrection", plus: 0 };
  const decay: Argument = { setting: "decay", plus: 0 };
  return call(
    "adam",
    weights,
    first,
    second,
    gradients,
    parts,
    partPitch,
    count,
    rate,
    BETA1,
    BETA2,
    secondCorrection,
    EPSILON,
    decay,
  );
}

/** The settings of a step, counted from 1, at a learning rate. */
export function optimizerSettings(
  optimizer: Optimizer,
  { step, learningRate }: { step: number; learningRate: number },
): Record<string, number> {
  if (optimizer.kind === "sgd") return { rate: learningRate };
  return {
    rate: learningRate / (1 - BETA1 ** step),
    secondCorrection: 1 / (1 - BETA2 ** step),
    decay: learningRate * (optimizer.weightDecay ?? 0),
  };
}
