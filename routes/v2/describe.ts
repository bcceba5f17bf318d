/**
 * What the routes under `/v2` say of themselves in the OpenAPI document.
 *
 * @module
 */

import { createDescriber } from "../openapi/describe.ts";
import {
  errorSchema,
  inferAnswerSchema,
  inferRequestSchema,
  liveSchema,
  modelConfigSchema,
  modelMetadataSchema,
  modelReadySchema,
  readySchema,
  repositoryIndexSchema,
  repositoryRequestSchema,
  serverMetadataSchema,
  statisticsSchema,
} from "./protocol.ts";

const describe = createDescriber("v2", { "application/json": errorSchema });

const JSON_TYPE = "application/json";

const HEADER_LENGTH = "Bytes of the JSON; the tensors' bytes follow it.";

/** `GET /v2`. */
export const describeServer = describe({
  summary: "What the server is, and which extensions it speaks",
  answer: { [JSON_TYPE]: serverMetadataSchema },
  errors: [500],
});

/** `GET /v2/health/live`. */
export const describeLive = describe({
  summary: "Whether the server answers",
  answer: { [JSON_TYPE]: liveSchema },
  errors: [500],
});

/** `GET /v2/health/ready`. */
export const describeReady = describe({
  summary: "Whether a model has answered its self-test",
  answer: { [JSON_TYPE]: readySchema },
  errors: [500, 503],
});

/** `GET /v2/models/stats`. */
export const describeAllStatistics = describe({
  summary: "What inference took, of all models",
  answer: { [JSON_TYPE]: statisticsSchema },
  errors: [500],
});

/** `GET /v2/models/{name}`. */
export const describeMetadata = describe({
  summary: "A model's versions and tensors",
  answer: { [JSON_TYPE]: modelMetadataSchema },
  errors: [404, 500, 503],
});

/** `GET …/config`. */
export const describeConfig = describe({
  summary: "A model's configuration, as Triton has it",
  answer: { [JSON_TYPE]: modelConfigSchema },
  errors: [404, 500, 503],
});

/** `GET …/ready`. */
export const describeModelReady = describe({
  summary: "Whether a model can be asked",
  answer: { [JSON_TYPE]: modelReadySchema },
  errors: [404, 500, 503],
});

/** `GET …/stats`. */
export const describeStatistics = describe({
  summary: "What inference by a model took, since the server started",
  description: "If several threads serve, each counts for itself, and one of them answers.",
  answer: { [JSON_TYPE]: statisticsSchema },
  errors: [404, 500, 503],
});

/** `POST …/infer`. */
export const describeInfer = describe({
  summary: "Images in, probabilities out",
  description: "One input, image, of FP32 [N, H, W, C] with values from 0 to 1; one output, " +
    "probabilities, of FP32 [N, classes]. Tensors go as JSON, nested or flat, or as bytes behind " +
    "the JSON (little-endian), whose length a header then says; a header of 0 makes the whole body " +
    "the tensor of one image. The output comes back in bytes if binary_data or binary_data_output " +
    "asks for it. With the parameter classification the output has the type BYTES [N, " +
    'classification], and each element is "value:index:label". No content type is insisted on.',
  parameters: [
    {
      in: "header",
      name: "Inference-Header-Content-Length",
      description: HEADER_LENGTH,
      schema: { type: "integer", minimum: 0 },
    },
    {
      in: "header",
      name: "Content-Encoding",
      description: "How the body is compressed.",
      schema: { type: "string", enum: ["identity", "gzip", "deflate"] },
    },
  ],
  body: { [JSON_TYPE]: inferRequestSchema, "application/octet-stream": "bytes" },
  answer: { [JSON_TYPE]: inferAnswerSchema, "application/octet-stream": "bytes" },
  answerHeaders: { "Inference-Header-Content-Length": HEADER_LENGTH },
  errors: [400, 404, 408, 413, 415, 429, 500, 503],
});

/** `POST /v2/repository/index`. */
export const describeRepository = describe({
  summary: "What there is, and what is wrong with what cannot be asked",
  body: { [JSON_TYPE]: repositoryRequestSchema },
  isBodyRequired: false,
  answer: { [JSON_TYPE]: repositoryIndexSchema },
  errors: [400, 408, 413, 415, 429, 500, 503],
});
