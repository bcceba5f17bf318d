/**
 * From a tfjs model to a network.
 *
 * @module
 */

import { tensor, tidy } from "@tensorflow/tfjs-core";
import type * as tf from "../core/tfjs.ts";
import {
  type LayerConfig,
  type Network,
  type NetworkLayer,
  type Parameter,
  UnsupportedModelError,
} from "./network.ts";

/**
 * Looks at a tfjs model.
 *
 * @param model Its variables are read and written in place.
 * @throws {UnsupportedModelError} If it has several inputs or outputs, or uses a layer twice.
 */
export function networkOfModel(model: tf.LayersModel): Network {
  const [input] = model.inputs;
  if (input === undefined || model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new UnsupportedModelError("the model has several inputs or outputs");
  }
  const trainable = new Set(model.trainableWeights);
  const parameters = new Map(
    model.weights.map((variable) => [variable, parameterOf(variable, trainable.has(variable))]),
  );
  return {
    input: input.shape.slice(1),
    layers: model.layers.map((layer) => layerOf(layer, parameters)),
    parameters: [...parameters.values()],
  };
}

function parameterOf(variable: tf.LayerVariable, isTrainable: boolean): Parameter {
  const shape = variable.shape.map(Number);
  return {
    name: variable.originalName,
    shape,
    isTrainable,
    read: () => variable.read().dataSync<"float32">(),
    write: (values) => tidy(() => void variable.write(tensor(values, shape))),
  };
}

/** A layer whose masks can be drawn again from a seed (`SeededDropout`). */
interface SeededLayer {
  maskSeed(step: number): number;
}

function layerOf(
  layer: tf.layers.Layer,
  parameters: ReadonlyMap<tf.LayerVariable, Parameter>,
): NetworkLayer {
  const [node] = layer.inboundNodes;
  if (node === undefined || layer.inboundNodes.length !== 1) {
    throw new UnsupportedModelError(`layer ${layer.name} is used in several places`);
  }
  const seeded = "maskSeed" in layer ? layer as unknown as SeededLayer : null;
  return {
    name: layer.name,
    className: layer.getClassName(),
    config: layer.getConfig() as LayerConfig,
    inputs: node.inboundLayers.map(({ name }) => name),
    weights: new Map(
      layer.weights.flatMap((variable) => {
        const parameter = parameters.get(variable);
        const name = variable.originalName.split("/").at(-1)!;
        return parameter === undefined ? [] : [[name, parameter] as const];
      }),
    ),
    ...seeded && { maskSeed: (step: number) => seeded.maskSeed(step) },
  };
}
