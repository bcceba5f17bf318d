/**
 * `GET /v2`: what the server is.
 *
 * @module
 */

import type { Context } from "hono";
import { VERSION } from "../../lib/core/version.ts";
import type { AppEnv } from "../env.ts";
import type { ServerMetadata } from "./protocol.ts";

const metadata: ServerMetadata = {
  name: "edgedoor",
  version: VERSION,
  extensions: [
    "binary_tensor_data",
    "classification",
    "model_configuration",
    "parameters",
    "statistics",
  ],
};

/** Answers `GET /v2`. */
export function serverMetadata(c: Context<AppEnv>): Response {
  return c.json(metadata);
}
