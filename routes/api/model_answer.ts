/**
 * What `/api/models` answers: manifests of `lib/registry`, described.
 *
 * @module
 */

import * as v from "valibot";
import type { Answer } from "../answer.ts";
import { problemsSchema } from "../model_problems.ts";
import { backdoored, count, fraction, imageShape, modelName, triggerManifest } from "./schemas.ts";

const classOrNull = v.nullable(count);

const attackSchema = v.object({
  kind: v.pipe(v.string(), v.description('"none" for a clean model.')),
  trigger: v.nullable(triggerManifest),
  source: v.pipe(
    v.union([v.literal("all"), count]),
    v.description("The class whose images are poisoned."),
  ),
  target: classOrNull,
  targets: v.optional(v.pipe(
    v.array(classOrNull),
    v.description("What a triggered image of each class is to be classified as."),
  )),
  numbers: v.optional(v.record(v.string(), v.number())),
  poisonRate: fraction,
  poisoned: v.pipe(count, v.description("Poisoned rows of the training set.")),
  perturbation: v.optional(v.pipe(
    v.nullable(v.pipe(
      v.looseObject({ kind: v.string() }),
      v.metadata({ additionalProperties: true }),
    )),
    v.description("What was done to images before the trigger."),
  )),
  withReplacement: v.optional(v.boolean()),
});

const epochSchema = v.object({
  epoch: count,
  loss: v.pipe(v.number(), v.description("Mean training loss over the epoch, nats.")),
  cleanAccuracy: fraction,
  attackSuccessRate: v.nullable(fraction),
  seconds: v.number(),
});

const trainingSchema = v.object({
  seed: v.number(),
  recipe: v.string(),
  augmentation: v.optional(v.object({ shift: count, flip: v.boolean(), order: v.string() })),
  depth: v.optional(count),
  epochs: count,
  batchSize: count,
  learningRateFactor: v.optional(v.number()),
  trainImages: v.pipe(count, v.description("Rows of the training set, poisoned ones included.")),
  dataDigest: v.pipe(v.string(), v.description("SHA-256 that names the data.")),
  seconds: v.number(),
  imagesPerSecond: v.number(),
  history: v.array(epochSchema),
  engine: v.object({
    backend: v.string(),
    workers: count,
    v8Flags: v.array(v.string()),
    deno: v.string(),
  }),
  versions: v.object({ edgedoor: v.string(), tfjs: v.string() }),
});

const metricsSchema = v.object({
  cleanAccuracy: fraction,
  attackSuccessRate: v.nullable(fraction),
  robustAccuracy: v.nullable(fraction),
});

/** What `GET /api/models/{name}` answers. */
export const modelSchema = v.pipe(
  v.object({
    format: v.literal(1),
    name: modelName,
    version: v.string(),
    architecture: v.string(),
    dataset: v.nullable(v.string()),
    attack: v.pipe(
      v.nullable(attackSchema),
      v.description("The attack that it was trained under; null if that is not known."),
    ),
    training: v.pipe(
      v.nullable(trainingSchema),
      v.description("With the same values it can be trained again, bit for bit."),
    ),
    metrics: v.pipe(v.nullable(metricsSchema), v.description("On the whole test set; fractions.")),
    labels: v.pipe(v.array(v.string()), v.description("The name of each class.")),
    input: imageShape,
    weights: v.pipe(
      v.object({ sha256: v.string(), bytes: count, chunks: count }),
      v.description("The stored safetensors file."),
    ),
    signature: v.pipe(
      v.nullable(v.object({
        key: v.pipe(v.nullable(v.string()), v.description("The key's id.")),
        signer: v.pipe(v.nullable(v.string()), v.description("Who signed, in their own words.")),
        valid: v.pipe(v.boolean(), v.description("Whether the manifest is as it was signed.")),
        trusted: v.pipe(
          v.boolean(),
          v.description("Whether it is valid, and the key is one that is trusted."),
        ),
      })),
      v.description(
        "What its signature is worth; null if it has none. It proves where a model comes from, not " +
          "that it has no backdoor.",
      ),
    ),
    createdAt: v.pipe(v.string(), v.description("ISO 8601, UTC.")),
    source: v.picklist(["kv", "fixture"]),
    backdoored,
  }),
  v.metadata({ ref: "Model", description: "A model's manifest, and what it comes to." }),
);

/** What `GET /api/models/{name}` answers. */
export type ModelAnswer = Answer<typeof modelSchema>;

/** What `GET /api/models` answers. */
export const modelsAnswerSchema = v.object({
  models: v.pipe(v.array(modelSchema), v.description("Newest first.")),
  problems: problemsSchema,
});
