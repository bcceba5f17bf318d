/**
 * An engine as defences of inputs and rows have it.
 *
 * @module
 */

import type { Engine } from "../engine/mod.ts";
import type { InputModel } from "./input/mod.ts";

/**
 * What of an engine such defences ask for: dropout at inference, and where the network has batch
 * normalisations, those that can be amplified.
 *
 * @param engine In use as long as the result is.
 */
export function inputModelOf(engine: Engine): InputModel {
  const norms = engine.layers
    .filter(({ className }) => className === "BatchNormalization")
    .map(({ name }) => name);
  return {
    classes: engine.classes,
    classify: (images, options) => engine.classify(images, options),
    activations: (images) => engine.activations(images),
    classifyWithDropout: (images, dropout) => engine.classify(images, { alteration: { dropout } }),
    ...norms.length > 0 && {
      scaling: {
        layers: norms.length,
        scaled(count, factor) {
          const last = norms.slice(norms.length - count);
          const channels = Object.fromEntries(last.map((layer) => [layer, { factors: factor }]));
          return Promise.resolve({
            classify: (images, options) =>
              engine.classify(images, { ...options, alteration: { channels } }),
          });
        },
      },
    },
  };
}
