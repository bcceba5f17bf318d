/**
 * `POST /v2/repository/index`, of Triton's model repository extension: what there is, and what is wrong
 * with what cannot be asked. Models are loaded when they are asked, so that all others are ready.
 *
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md
 * @module
 */

import type { Context } from "hono";
import * as v from "valibot";
import { UsageError } from "../../lib/core/errors.ts";
import type { AppEnv } from "../env.ts";
import { parseJson } from "./parse_json.ts";
import { type RepositoryIndex, repositoryRequestSchema } from "./protocol.ts";
import { readBody } from "./read_body.ts";

/** Answers `POST /v2/repository/index`; an empty body asks for all. */
export async function repositoryIndex(c: Context<AppEnv>): Promise<Response> {
  const body = await readBody(c);
  const request = v.safeParse(repositoryRequestSchema, body.length > 0 ? parseJson(body) : {});
  if (!request.success) {
    throw new UsageError(
      "Cannot read the request: it must be an object whose ready, if it is there, is true or false",
    );
  }
  const [models, problems] = await Promise.all([c.get("pool").list(), c.get("pool").problems()]);
  const unavailable = problems.flatMap(({ name, version, problem }): RepositoryIndex =>
    name === null
      ? []
      : [{ name, ...version !== null && { version }, state: "UNAVAILABLE", reason: problem }]
  );
  const ready = models
    .filter((model) =>
      !unavailable.some(({ name, version }) => name === model.name && version === model.version)
    )
    .map(({ name, version }) => ({ name, version, state: "READY" as const, reason: "" }));
  return c.json<RepositoryIndex>(request.output.ready ? ready : [...ready, ...unavailable]);
}
