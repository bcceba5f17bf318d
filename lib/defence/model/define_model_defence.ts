/**
 * What is the same for all defences of models: checks, costs, progress.
 *
 * @module
 */

import { createMeter, type Meter } from "../meter.ts";
import type { ModelDefence, ModelFinding, ModelSubject } from "./model_defence.ts";

/** With fewer classes, none stands out from the others. */
const LEAST_CLASSES = 3;

/** What a defence decides. */
export interface ModelMethod extends Omit<ModelDefence, "inspect"> {
  /**
   * Inspects a model.
   *
   * @param meter Is told of everything that is asked of the model.
   */
  inspect(
    subject: ModelSubject,
    options: { readonly seed: number; readonly meter: Meter },
  ): Promise<Omit<ModelFinding, "cost">>;
}

/** Makes a defence of what it decides. */
export function defineModelDefence(method: ModelMethod): ModelDefence {
  return {
    ...method,
    async inspect(subject, { seed, ...listeners }) {
      requireSubject(method, subject);
      listeners.signal?.throwIfAborted();
      const meter = createMeter(method.cost(subject), listeners);
      const finding = await method.inspect(subject, { seed, meter });
      listeners.onProgress?.(1);
      listeners.signal?.throwIfAborted();
      return { ...finding, cost: meter.cost };
    },
  };
}

function requireSubject(
  { title, cleanImages }: ModelMethod,
  { model: { classes }, shape, clean }: ModelSubject,
): void {
  const what = `Cannot inspect a model by ${title}`;
  if (classes < LEAST_CLASSES) {
    throw new RangeError(
      `${what}: it must have at least ${LEAST_CLASSES} classes, got ${classes}; ` +
        "classes are compared with each other",
    );
  }
  if (cleanImages === 0) return;
  const [count, ...image] = clean?.shape ?? [0];
  if (count < cleanImages) {
    throw new RangeError(
      `${what}: there must be at least ${cleanImages} clean images, got ${count}; give more`,
    );
  }
  if (image.join() !== shape.join()) {
    throw new RangeError(
      `${what}: clean images must be of ${shape.join("×")}, as the model's, got ${image.join("×")}`,
    );
  }
}
