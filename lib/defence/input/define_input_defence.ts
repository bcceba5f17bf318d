/**
 * What is the same for all defences of inputs: checks, costs, progress.
 *
 * @module
 */

import type { ImageBatch } from "../../core/types.ts";
import type { InputDefence, InputModel } from "./input_defence.ts";
import { meter, type MeteredModel, requireNeeds } from "./metered_model.ts";
import type { Profile, ProfileValues } from "./profile.ts";

/** What a defence decides. */
export interface InputMethod extends Omit<InputDefence, "calibrate" | "score"> {
  /**
   * Learns how a model answers to clean images.
   *
   * @throws {RangeError} If they are too few.
   */
  calibrate(
    model: MeteredModel,
    clean: ImageBatch,
    options: { readonly seed: number },
  ): Promise<ProfileValues>;
  /**
   * Scores images, at least one.
   *
   * @param answers What the model says of the images, `(N, classes)`; empty unless the method
   * `goesByAnswer`.
   */
  score(
    model: MeteredModel,
    images: ImageBatch,
    profile: Profile,
    answers: Float32Array,
  ): Promise<Float32Array>;
}

/** Makes a defence of what it decides. */
export function defineInputDefence(method: InputMethod): InputDefence {
  const { title, needs, forwards, goesByAnswer } = method;
  return {
    ...method,
    async calibrate(model, clean, { seed, ...listeners }) {
      const [count, ...image] = clean.shape;
      const what = `Cannot calibrate ${title}`;
      requireNeeds(model, needs, what);
      if (count === 0) {
        throw new RangeError(`${what}: there must be clean images, got none; give some hundred`);
      }
      const metered = meter(model, method.calibrationForwards(count, model), listeners);
      listeners.signal?.throwIfAborted();
      const { numbers = {}, arrays = {} } = await method.calibrate(metered, clean, { seed });
      listeners.onProgress?.(1);
      return {
        profile: { defence: method.name, image, classes: model.classes, numbers, arrays },
        cost: metered.cost,
      };
    },
    async score(model, images, profile, { probabilities, ...listeners } = {}) {
      const [count] = images.shape;
      requireNeeds(model, needs, `Cannot score images by ${title}`);
      requireProfile(method, { model, images, profile });
      listeners.signal?.throwIfAborted();
      const isAnswered = goesByAnswer && probabilities !== undefined;
      const metered = meter(model, count * (forwards - (isAnswered ? 1 : 0)), listeners);
      if (count === 0) return { scores: new Float32Array(), cost: metered.cost };
      const answers = goesByAnswer
        ? probabilities ?? await metered.classify(images)
        : new Float32Array();
      const scores = await method.score(metered, images, profile, answers);
      listeners.onProgress?.(1);
      return { scores, cost: metered.cost };
    },
  };
}

/** @throws {RangeError} If the profile is another defence's, or of another kind of model. */
function requireProfile(
  { name, title }: InputMethod,
  { model, images, profile }: {
    readonly model: InputModel;
    readonly images: ImageBatch;
    readonly profile: Profile;
  },
): void {
  const [, ...image] = images.shape;
  const wanted = `${name}, ${image.join("×")}, ${model.classes} classes`;
  const got = `${profile.defence}, ${profile.image.join("×")}, ${profile.classes} classes`;
  if (wanted === got) return;
  throw new RangeError(
    `Cannot score images by ${title}: the profile must be that of ${wanted}, got that of ${got}; ` +
      "calibrate the defence for this model",
  );
}
