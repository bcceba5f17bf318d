/**
 * The model that a path under `/v2/models` names.
 *
 * @module
 */

import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { IntegrityError, ModelError } from "../../lib/core/errors.ts";
import type { ServedManifest } from "../../lib/registry/mod.ts";
import type { LoadedModel } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";

/**
 * Finds the model, in the version that the path names or else the one that is served.
 *
 * @throws {NotFoundError} If there is none.
 * @throws {HTTPException} 503 if its manifest cannot be read.
 */
export function findModel(c: Context<AppEnv>): Promise<ServedManifest> {
  const { name, version } = c.req.param() as { name: string; version?: string };
  return unlessBroken(c.get("pool").find(name, version));
}

/**
 * Finds the model that is to classify: without a version in the path, one that can be loaded.
 *
 * @throws {NotFoundError} If there is none.
 * @throws {HTTPException} 503 if none can be used.
 */
export function resolveModel(c: Context<AppEnv>): Promise<ServedManifest> {
  const { name, version } = c.req.param() as { name: string; version?: string };
  return unlessBroken(c.get("pool").resolve(name, version));
}

/**
 * Loads a model.
 *
 * @throws {HTTPException} 503 if it cannot be loaded, or gives no probabilities.
 */
export function loadModel(c: Context<AppEnv>, manifest: ServedManifest): Promise<LoadedModel> {
  return unlessBroken(c.get("pool").load(manifest));
}

/** The protocol's clients take 503 for a model that is there and not ready. */
async function unlessBroken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof IntegrityError || cause instanceof ModelError)) throw cause;
    throw new HTTPException(503, { message: cause.message, cause });
  }
}
