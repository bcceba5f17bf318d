/**
 * The Open Inference Protocol's objects, as valibot schemas; what is not named in a request is
 * ignored.
 *
 * @see https://github.com/kserve/open-inference-protocol
 * @module
 */

import * as v from "valibot";
import type { Answer } from "../answer.ts";
import { problemsSchema } from "../model_problems.ts";

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
export const inferRequestSchema = v.pipe(
  v.looseObject({
    id: v.optional(v.string()),
    parameters: v.optional(requestParameters),
    inputs: v.array(v.looseObject({
      name: v.string(),
      datatype: v.string(),
      // Compared with the model's, which says what is wrong with it.
      shape: v.pipe(
        v.custom<readonly number[]>(
          (value) => Array.isArray(value) && value.every((extent) => typeof extent === "number"),
          "an array of numbers",
        ),
        v.metadata({ type: "array", items: { type: "integer", minimum: 1 } }),
      ),
      parameters: v.optional(inputParameters),
      // Not looked at value by value: there may be a million.
      data: v.optional(v.pipe(
        v.unknown(),
        v.metadata({ type: "array", description: "Row-major, flat or nested as the shape is." }),
      )),
    })),
    outputs: v.optional(v.array(v.looseObject({
      name: v.string(),
      parameters: v.optional(outputParameters),
    }))),
  }),
  v.metadata({ ref: "InferRequest" }),
);

/** The JSON of `POST …/infer`. */
export type InferRequestJson = Answer<typeof inferRequestSchema>;

/** An input of a request. */
export type RequestInput = InferRequestJson["inputs"][number];

/** The answer of `GET /v2`. */
export const serverMetadataSchema = v.pipe(
  v.object({
    name: v.string(),
    version: v.string(),
    extensions: v.array(v.string()),
  }),
  v.metadata({ ref: "ServerMetadata" }),
);

/** The answer of `GET /v2`. */
export type ServerMetadata = Answer<typeof serverMetadataSchema>;

const healthEntries = {
  live: v.pipe(v.boolean(), v.description("Whether the server answers.")),
  ready: v.pipe(v.boolean(), v.description("Whether a model has answered its self-test.")),
};

/** The answer of `GET /v2/health/live`. */
export const liveSchema = v.object(healthEntries);

/** The answer of `GET /v2/health/live`. */
export type LiveAnswer = Answer<typeof liveSchema>;

/** The answer of `GET /v2/health/ready`. */
export const readySchema = v.object({ ...healthEntries, problems: v.optional(problemsSchema) });

/** The answer of `GET /v2/health/ready`. */
export type ReadyAnswer = Answer<typeof readySchema>;

/** The answer of `GET /v2/models/{name}/ready`. */
export const modelReadySchema = v.object({ name: v.string(), ready: v.boolean() });

/** The answer of `GET /v2/models/{name}/ready`. */
export type ModelReady = Answer<typeof modelReadySchema>;

const tensorMetadata = v.pipe(
  v.object({
    name: v.string(),
    datatype: v.string(),
    shape: v.pipe(
      v.array(v.pipe(v.number(), v.integer())),
      v.description("-1 for an extent that is free."),
    ),
  }),
  v.metadata({ ref: "TensorMetadata" }),
);

/** The answer of `GET /v2/models/{name}`. */
export const modelMetadataSchema = v.pipe(
  v.object({
    name: v.string(),
    versions: v.array(v.string()),
    platform: v.string(),
    inputs: v.array(tensorMetadata),
    outputs: v.array(tensorMetadata),
  }),
  v.metadata({ ref: "ModelMetadata" }),
);

/** The answer of `GET /v2/models/{name}`. */
export type ModelMetadata = Answer<typeof modelMetadataSchema>;

/** The answer of `POST …/infer`; what is answered in bytes has their number in place of `data`. */
export const inferAnswerSchema = v.pipe(
  v.object({
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
  }),
  v.metadata({ ref: "InferAnswer" }),
);

/** The answer of `POST …/infer`. */
export type InferAnswer = Answer<typeof inferAnswerSchema>;

const configTensor = v.object({
  name: v.string(),
  data_type: v.string(),
  /** Of one image. */
  dims: v.array(size),
});

/** The answer of `GET …/config`: what Triton's `ModelConfig` says of such a model. */
export const modelConfigSchema = v.pipe(
  v.object({
    name: v.string(),
    platform: v.string(),
    /** Images that a request may have. */
    max_batch_size: size,
    input: v.array(configTensor),
    output: v.array(configTensor),
  }),
  v.metadata({ ref: "ModelConfig" }),
);

/** The answer of `GET …/config`. */
export type ModelConfig = Answer<typeof modelConfigSchema>;

/** How often something was timed, and the time in all. */
const durationSchema = v.pipe(
  v.object({ count: size, ns: size }),
  v.metadata({ ref: "Duration" }),
);

/** How often something was timed, and the time in all. */
export type Duration = Answer<typeof durationSchema>;

const computeTimes = {
  "compute_input": durationSchema,
  "compute_infer": durationSchema,
  "compute_output": durationSchema,
};

const modelStatisticsSchema = v.pipe(
  v.object({
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
  }),
  v.metadata({ ref: "ModelStatistics" }),
);

/** What was counted of one version of a model. */
export type ModelStatistics = Answer<typeof modelStatisticsSchema>;

/** The answer of `GET …/stats`. */
export const statisticsSchema = v.object({ model_stats: v.array(modelStatisticsSchema) });

/** The answer of `GET …/stats`. */
export type StatisticsAnswer = Answer<typeof statisticsSchema>;

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
export type RepositoryIndex = Answer<typeof repositoryIndexSchema>;

/** Every error under `/v2`. */
export const errorSchema = v.pipe(
  v.object({ error: v.string() }),
  v.metadata({ ref: "Error" }),
);
