/**
 * The Open Inference Protocol's objects, as valibot schemas; what is not named in a request is
 * ignored.
 *
 * @see https://github.com/kserve/open-inference-protocol
 * @module
 */

import * as v from "valibot";

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What is known of an input's parameters. */
const inputParameters = v.looseObject({
  /** Of the binary tensor data extension: the tensor's bytes stand after the JSON. */
  binary_data_size: v.optional(size),
});

/** What is known of a requested output's parameters. */
const outputParameters = v.looseObject({
  /** Of the binary tensor data extension; goes before `binary_data_output`. */
  binary_data: v.optional(v.boolean()),
  /** Of the classification extension: how many classes, the most probable first. */
  classification: v.optional(size),
});

/** What is known of a request's parameters. */
const requestParameters = v.looseObject({
  /** Of the binary tensor data extension: whether outputs are answered in bytes. */
  binary_data_output: v.optional(v.boolean()),
});

/** The JSON of `POST …/infer`. */
export const inferRequestSchema = v.looseObject({
  id: v.optional(v.string()),
  parameters: v.optional(requestParameters),
  inputs: v.array(v.looseObject({
    name: v.string(),
    datatype: v.string(),
    shape: v.array(v.number()),
    parameters: v.optional(inputParameters),
    // Not looked at value by value: there may be a million.
    data: v.optional(v.unknown()),
  })),
  outputs: v.optional(v.array(v.looseObject({
    name: v.string(),
    parameters: v.optional(outputParameters),
  }))),
});

/** The JSON of `POST …/infer`. */
export type InferRequestJson = v.InferOutput<typeof inferRequestSchema>;

/** An input of a request. */
export type RequestInput = InferRequestJson["inputs"][number];

/** The answer of `GET /v2`. */
export const serverMetadataSchema = v.object({
  name: v.string(),
  version: v.string(),
  extensions: v.array(v.string()),
});

/** The answer of `GET /v2`. */
export type ServerMetadata = v.InferOutput<typeof serverMetadataSchema>;

/** The answer of both health routes. */
export const healthSchema = v.object({
  /** Whether the server answers. */
  live: v.boolean(),
  /** Whether a model has answered its self-test. */
  ready: v.boolean(),
});

/** The answer of both health routes. */
export type Health = v.InferOutput<typeof healthSchema>;

/** The answer of `GET /v2/models/{name}/ready`. */
export const modelReadySchema = v.object({ name: v.string(), ready: v.boolean() });

/** The answer of `GET /v2/models/{name}/ready`. */
export type ModelReady = v.InferOutput<typeof modelReadySchema>;

const tensorMetadata = v.object({
  name: v.string(),
  datatype: v.string(),
  /** -1 for an extent that is free. */
  shape: v.array(v.pipe(v.number(), v.integer())),
});

/** The answer of `GET /v2/models/{name}`. */
export const modelMetadataSchema = v.object({
  name: v.string(),
  versions: v.array(v.string()),
  platform: v.string(),
  inputs: v.array(tensorMetadata),
  outputs: v.array(tensorMetadata),
});

/** The answer of `GET /v2/models/{name}`. */
export type ModelMetadata = v.InferOutput<typeof modelMetadataSchema>;

/** The answer of `POST …/infer`; what is answered in bytes has their number in place of `data`. */
export const inferAnswerSchema = v.object({
  model_name: v.string(),
  model_version: v.string(),
  id: v.optional(v.string()),
  outputs: v.array(v.object({
    name: v.string(),
    datatype: v.picklist(["FP32", "BYTES"]),
    shape: v.array(size),
    parameters: v.optional(v.object({ binary_data_size: size })),
    data: v.optional(v.array(v.union([v.number(), v.string()]))),
  })),
});

/** The answer of `POST …/infer`. */
export type InferAnswer = v.InferOutput<typeof inferAnswerSchema>;

const configTensor = v.object({
  name: v.string(),
  data_type: v.string(),
  /** Of one image. */
  dims: v.array(size),
});

/** The answer of `GET …/config`: what Triton's `ModelConfig` says of such a model. */
export const modelConfigSchema = v.object({
  name: v.string(),
  platform: v.string(),
  /** Images that a request may have. */
  max_batch_size: size,
  input: v.array(configTensor),
  output: v.array(configTensor),
});

/** The answer of `GET …/config`. */
export type ModelConfig = v.InferOutput<typeof modelConfigSchema>;

/** How often something was timed, and the time in all. */
const durationSchema = v.object({ count: size, ns: size });

/** How often something was timed, and the time in all. */
export type Duration = v.InferOutput<typeof durationSchema>;

const computeTimes = {
  "compute_input": durationSchema,
  "compute_infer": durationSchema,
  "compute_output": durationSchema,
};

const modelStatisticsSchema = v.object({
  name: v.string(),
  version: v.string(),
  /** Milliseconds since 1970; 0 if there was none. */
  last_inference: v.number(),
  /** Images. */
  inference_count: size,
  execution_count: size,
  inference_stats: v.object({
    success: durationSchema,
    fail: durationSchema,
    /** Waiting for the model to be loaded. */
    queue: durationSchema,
    ...computeTimes,
    cache_hit: durationSchema,
    cache_miss: durationSchema,
  }),
  batch_stats: v.array(v.object({ batch_size: size, ...computeTimes })),
});

/** What was counted of one version of a model. */
export type ModelStatistics = v.InferOutput<typeof modelStatisticsSchema>;

/** The answer of `GET …/stats`. */
export const statisticsSchema = v.object({ model_stats: v.array(modelStatisticsSchema) });

/** The answer of `GET …/stats`. */
export type StatisticsAnswer = v.InferOutput<typeof statisticsSchema>;

/** The JSON of `POST /v2/repository/index`. */
export const repositoryRequestSchema = v.looseObject({
  /** Whether only models are wanted that can be asked. */
  ready: v.optional(v.boolean()),
});

/** The answer of `POST /v2/repository/index`. */
export const repositoryIndexSchema = v.array(v.object({
  name: v.string(),
  version: v.optional(v.string()),
  state: v.picklist(["READY", "UNAVAILABLE"]),
  reason: v.string(),
}));

/** The answer of `POST /v2/repository/index`. */
export type RepositoryIndex = v.InferOutput<typeof repositoryIndexSchema>;

/** Every error under `/v2`. */
export const errorSchema = v.object({ error: v.string() });
