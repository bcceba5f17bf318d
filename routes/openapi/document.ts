/**
 * The OpenAPI 3.1 document of the application, made of what its routes say of themselves.
 *
 * @module
 */

import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import { VERSION } from "../../lib/core/version.ts";
import type { AppEnv } from "../env.ts";

/** An OpenAPI document. */
export type OpenApiDocument = Awaited<ReturnType<typeof generateSpecs>>;

/**
 * Makes the document.
 *
 * @param app Its routes are there.
 */
export async function createDocument(app: Hono<AppEnv>): Promise<OpenApiDocument> {
  return await generateSpecs(app, {
    // It would invent a body that is not ours.
    defaultValidationErrorResponse: false,
    documentation: {
      info: {
        title: "edgedoor",
        version: VERSION,
        description: "Image classifiers, clean and backdoored, and what a trigger does to them.",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "This server." }],
      tags: [
        {
          name: "api",
          description:
            "The demonstration: triggers, attacks, models. Errors are RFC 9457 problems.",
        },
        {
          name: "v2",
          description:
            "The Open Inference Protocol v2, as KServe and Triton speak it, with Triton's " +
            "extensions. Errors are {error}.",
        },
      ],
    },
  });
}
