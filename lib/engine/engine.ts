/**
 * What trains and runs a model: the interface of both engines.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "../core/types.ts";
import type { Alteration } from "./alteration.ts";
import { product } from "./graph.ts";
import type { Sharpness } from "./sharpness.ts";

/** A layer of an engine's network. */
export interface EngineLayer {
  readonly name: string;
  /** tfjs's, for example `"Conv2D"`. */
  readonly className: string;
  /** Shapes of its weights by their own names, for example `"kernel"`. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/**
 * The gradient of a function of the logits to them.
 *
 * @param logits Of some images, `(n, classes)`, row-major.
 * @param first Which image of all the first of them is.
 * @returns `(n, classes)`.
 */
export type GradientOfLogits = (logits: Float32Array, first: number) => Float32Array;

/** How images are gone through. */
export interface InferenceOptions {
  /** What is changed in the network for this call; nothing unless given. */
  readonly alteration?: Alteration;
}

/** How a step is made. */
export interface StepOptions {
  /**
   * Where the gradient is taken that the weights follow: where the loss is worst next to them
   * (sharpness-aware minimisation). A step then takes two gradients; it is only known to be over when it
   * has been answered, and nothing else can be asked of the engine until then.
   */
  readonly sharpness?: Sharpness;
}

/** A model at work. While it is, the model's weights are the engine's; `save` gives them back. */
export interface Engine {
  /** For a manifest, for example `"compiled"`. */
  readonly name: string;
  /** Threads that share a step. */
  readonly workers: number;
  /** Values of each answer. */
  readonly classes: number;
  /** In the network's order; each stands behind those that it reads. */
  readonly layers: readonly EngineLayer[];
  /**
   * Updates the weights by one batch. The batch is copied before the call returns, so that its
   * arrays can be used again; a step may be asked for while another runs, and is done after it.
   *
   * @param batch Images `(B, H, W, C)` and their labels.
   * @param learningRate Of this step.
   * @param options `gain`: what the loss is multiplied by for its gradient; below 0 the weights climb; 1
   * unless given.
   * @returns The mean loss over the batch before the update, −ln(p + 10⁻⁷); nats.
   */
  step(
    batch: LabelledImages,
    learningRate: number,
    options?: StepOptions & { readonly gain?: number },
  ): Promise<number>;
  /**
   * As `step`, by the gradient of any function of the logits: a loss with soft targets
   * (`towardsTargets`), weights for images, or whatever else. Nothing else can be asked of the engine
   * until it has been answered.
   *
   * @param images `(B, H, W, C)`.
   * @param gradient To the logits as in training; of the sum or of the mean, as it says.
   */
  stepBy(
    images: ImageBatch,
    gradient: GradientOfLogits,
    learningRate: number,
    options?: StepOptions,
  ): Promise<void>;
  /**
   * A layer's weights as they are now, between two calls of other methods.
   *
   * @returns Copies by their own names, row-major, shaped as `layers` says. None for a layer without.
   * @throws {RangeError} If there is no such layer.
   * @throws {Error} If the engine is at work.
   */
  weights(layer: string): Record<string, Float32Array>;
  /**
   * Puts others in the place of some of a layer's weights. What the optimizer remembers of them remains.
   *
   * @param weights By their own names, as `weights` gives them; copied.
   * @throws {RangeError} If there is no such layer, or it does not have such weights.
   * @throws {Error} If the engine is at work.
   */
  setWeights(layer: string, weights: Readonly<Record<string, Float32Array>>): void;
  /**
   * Classifies images.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param options `onChunk`: called now and then; may stop the work by throwing.
   * @returns Probabilities, `(N, classes)`, row-major.
   * @throws {RangeError} If the alteration is not one of this network.
   */
  classify(
    images: ImageBatch,
    options?: InferenceOptions & { readonly onChunk?: () => void },
  ): Promise<Float32Array>;
  /**
   * How each image's loss changes with its pixels, at inference: dropout lets everything through, and
   * batch normalisation goes by its moving averages.
   *
   * @param batch Images `(N, H, W, C)`, values in 0–1, and the label that each one's loss is for.
   * @returns dLoss/dImages, `(N, H, W, C)`, of each image's own loss, −ln(p + 10⁻⁷) in nats. (ART's
   * `loss_gradient` of a Keras model takes the batch's mean, which is N times smaller.)
   */
  inputGradient(batch: LabelledImages): Promise<Float32Array>;
  /**
   * What the last layer says of images before its softmax.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @returns `(N, classes)`, row-major.
   * @throws {RangeError} If the alteration is not one of this network.
   */
  logits(images: ImageBatch, options?: InferenceOptions): Promise<Float32Array>;
  /**
   * What a layer says of images at inference, after its own activation.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param options `layer`: its name. Unless given, the last hidden layer: what the last dense layer
   * reads, or where the logits are a sum, that of the first summand.
   * @returns `(N, width)`, row-major, each image's output flattened as tfjs's `flatten` does.
   * @throws {RangeError} If there is no such layer, or its output is not kept: the last one's, and where
   * the engine computes a layer together with a ReLU or an addition behind it. Says which are.
   */
  activations(
    images: ImageBatch,
    options?: InferenceOptions & { readonly layer?: string },
  ): Promise<Float32Array>;
  /**
   * How a function of the logits changes with an image's pixels, at inference.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param gradients That of the function to the logits, `(N, classes)`, row-major; or what makes it of
   * the logits, some images at a time, which saves asking for them. Nothing else can be asked of the
   * engine until such a call has been answered.
   * @returns That to the images, `(N, H, W, C)`.
   * @throws {RangeError} If there are not as many gradients as images.
   */
  pullBack(
    images: ImageBatch,
    gradients: Float32Array | GradientOfLogits,
  ): Promise<Float32Array>;
  /** Writes the weights to the model. */
  save(): void;
  /** Frees everything but the model. */
  dispose(): void;
}

/**
 * Refuses gradients at the logits that are not one a class and image.
 *
 * @throws {RangeError}
 */
export function requireGradients(
  { length }: Float32Array,
  { images, classes }: { readonly images: number; readonly classes: number },
): void {
  if (length === images * classes) return;
  throw new RangeError(
    `Cannot pull a gradient back: it must have ${classes} values for each of ${images} images, ` +
      `got ${length}`,
  );
}

/**
 * What a function makes of logits.
 *
 * @throws {RangeError} If that is not one value a class and image.
 */
export function gradientOf(
  make: GradientOfLogits,
  { logits, first, classes }: {
    readonly logits: Float32Array;
    readonly first: number;
    readonly classes: number;
  },
): Float32Array {
  const gradients = make(logits, first);
  requireGradients(gradients, { images: logits.length / classes, classes });
  return gradients;
}

/**
 * Refuses layers and weights that a network does not have.
 *
 * @param why What cannot be done, as a message begins: `"set weights"`.
 * @param given Weights by name, if any are to be of the layer's shapes.
 * @throws {RangeError}
 */
export function requireWeights(
  layers: readonly EngineLayer[],
  { layer, why, given = {} }: {
    readonly layer: string;
    readonly why: string;
    readonly given?: Readonly<Record<string, Float32Array>>;
  },
): void {
  const found = layers.find(({ name }) => name === layer);
  if (found === undefined) {
    throw new RangeError(
      `Cannot ${why}: layer must be one of ${
        layers.map(({ name }) => name).join(", ")
      }, got "${layer}"`,
    );
  }
  for (const [name, { length }] of Object.entries(given)) {
    const shape = found.weights[name];
    if (shape !== undefined && length === product(shape)) continue;
    const wanted = Object.entries(found.weights).map(([name, shape]) => `${name} (${shape})`);
    throw new RangeError(
      `Cannot ${why}: those of layer "${layer}" are ${
        wanted.join(", ") || "none"
      }, got ${name} of ` +
        `${length} values`,
    );
  }
}
