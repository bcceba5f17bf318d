/**
 * How a model's description travels through tfjs's own `model.save`: in its user-defined metadata,
 * under the key `edgedoor`, with the fingerprint of the network that it was measured on. In the store
 * it stands in the manifest, not in the blob, so that equal weights give equal blobs.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { ImageShape } from "../core/types.ts";
import { fingerprint } from "./artifacts.ts";
import { descriptionOf, type ModelDescription } from "./manifest.ts";
import { shapeProblem } from "./network_shape.ts";

const metadataKey = "edgedoor";

/** What stands under that key. */
interface DescribedNetwork extends ModelDescription {
  /** Fingerprint of the network that the description is of. */
  readonly measuredOn: string;
}

/**
 * Says what a model is, for `model.save("kv://NAME")` to write into its manifest. It holds for the
 * model as it is now: once layers or weights have changed, it is not saved with them.
 *
 * @param model Changed in its user-defined metadata only.
 * @param description What its trainer knows of it.
 * @throws {TypeError} If its input or its labels are not the network's.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { describeModel } from "./describe_model.ts";
 *
 * const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2, 1] })] });
 * describeModel(model, {
 *   architecture: "pixels", dataset: null, attack: null, training: null, metrics: null,
 *   labels: ["a", "b", "c", "d"], input: [2, 2, 1],
 * });
 * ```
 */
export function describeModel(model: tf.LayersModel, description: ModelDescription): void {
  const problem = shapeProblem(model, description);
  if (problem !== null) throw new TypeError(`Cannot describe model "${model.name}": ${problem}`);
  model.setUserDefinedMetadata({
    ...model.getUserDefinedMetadata(),
    ...metadataOf(description, artifactsOf(model)),
  });
}

/** Artifacts without the description that `describeModel` set, and that description. */
export interface DescribedArtifacts {
  readonly artifacts: tf.io.ModelArtifacts;
  readonly description: ModelDescription;
}

/**
 * Takes the description out of a model's artifacts.
 *
 * @returns For a model that nobody described, or that has changed since, what can be seen of it: its
 * own name as the architecture, classes `"0"`, `"1"`, …, the shape of its input, and `null` for the
 * rest.
 * @throws {TypeError} If such a model has not one input of fixed shape and one output `(N, classes)`.
 */
export async function takeDescription(
  artifacts: tf.io.ModelArtifacts,
): Promise<DescribedArtifacts> {
  const { userDefinedMetadata = {}, ...rest } = artifacts;
  const { [metadataKey]: told, ...others } = userDefinedMetadata as { [metadataKey]?: unknown };
  const described = told as DescribedNetwork | undefined;
  const isStill = described !== undefined && described.measuredOn === fingerprint(artifacts);
  return {
    artifacts: Object.keys(others).length > 0 ? { ...rest, userDefinedMetadata: others } : rest,
    description: isStill ? descriptionOf(described) : await inspectModel(artifacts),
  };
}

/** The inverse of `takeDescription`: what a model that is loaded from the store carries. */
export function putDescription({ artifacts, description }: DescribedArtifacts) {
  const userDefinedMetadata = {
    ...artifacts.userDefinedMetadata,
    ...metadataOf(description, artifacts),
  };
  return { ...artifacts, userDefinedMetadata };
}

function metadataOf(description: ModelDescription, artifacts: tf.io.ModelArtifacts) {
  const described: DescribedNetwork = { ...description, measuredOn: fingerprint(artifacts) };
  return { [metadataKey]: described };
}

/** What of a model's artifacts makes its fingerprint, at once: tfjs hands them out later. */
function artifactsOf(model: tf.LayersModel): tf.io.ModelArtifacts {
  const values = model.getWeights();
  return {
    modelTopology: model.toJSON(undefined, false) as object,
    weightSpecs: model.weights.map(({ originalName }, i) => ({
      name: originalName,
      shape: values[i]!.shape,
      dtype: values[i]!.dtype as "float32",
    })),
    // A view may be of a longer buffer, such as the backend's heap.
    weightData: values.map((value) => new Uint8Array(bytesOf(value.dataSync())).buffer),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function inspectModel(artifacts: tf.io.ModelArtifacts): Promise<ModelDescription> {
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  try {
    const [input, output] = [model.inputs[0]?.shape, model.outputs[0]?.shape];
    const classes = output?.[1];
    if (
      model.inputs.length !== 1 || model.outputs.length !== 1 || output?.length !== 2 || !classes
    ) {
      throw new TypeError(
        `Cannot describe model "${model.name}": it must have one input and one output ` +
          `(N, classes), got outputs [${model.outputs.map(({ shape }) => `(${shape})`)}]; use ` +
          `describeModel`,
      );
    }
    return {
      architecture: model.name,
      dataset: null,
      attack: null,
      training: null,
      metrics: null,
      labels: Array.from({ length: classes }, (_, label) => String(label)),
      input: imageShape(model.name, (input ?? []).slice(1)),
    };
  } finally {
    model.dispose();
  }
}

/** `(n)` is read as one row of n grey pixels, `(h, w)` as a grey image. */
function imageShape(name: string, shape: readonly (number | null)[]): ImageShape {
  const [a, b, c] = shape;
  if (shape.length === 1 && a) return [1, a, 1];
  if (shape.length === 2 && a && b) return [a, b, 1];
  if (shape.length === 3 && a && b && c) return [a, b, c];
  throw new TypeError(
    `Cannot describe model "${name}": its input must be images of fixed size, got (${shape}); use ` +
      `describeModel`,
  );
}
