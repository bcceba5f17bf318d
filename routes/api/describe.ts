/**
 * What the routes under `/api` have in common in the OpenAPI document.
 *
 * @module
 */

import * as v from "valibot";
import { type Content, createDescriber } from "../openapi/describe.ts";
import { problemSchema } from "../problem.ts";

/** Describes a route under `/api`. */
export const describeApi = createDescriber("api", { "application/problem+json": problemSchema });

/** What an image is sent as: its bytes decide what it is, whatever it is called. */
export const imageBody: Content = {
  "image/png": "bytes",
  "image/jpeg": "bytes",
  "application/octet-stream": "bytes",
  "multipart/form-data": v.object({
    image: v.pipe(v.string(), v.metadata({ format: "binary", description: "A PNG or a JPEG." })),
  }),
};

/** Statuses of a route that takes an image. */
export const imageErrors = [400, 404, 408, 413, 415, 422, 429, 500, 503] as const;
