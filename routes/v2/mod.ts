/**
 * The Open Inference Protocol v2, as KServe and Triton speak it, with Triton's extensions for binary
 * tensors, classification, configuration and statistics.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppEnv } from "../env.ts";
import { describeAllStatistics, describeRepository, describeServer } from "./describe.ts";
import { health } from "./health.ts";
import { createInferRoute } from "./infer.ts";
import { createModelRoutes } from "./models.ts";
import type { StatisticsAnswer } from "./protocol.ts";
import { repositoryIndex } from "./repository.ts";
import { serverMetadata } from "./server.ts";
import { createStatistics } from "./statistics.ts";

/** Makes the routes under `/v2`; their state is what they have counted. */
export function createV2(): Hono<AppEnv> {
  const statistics = createStatistics();
  const app = new Hono<AppEnv>();
  // The protocol's text says the one, its OpenAPI description the other.
  app.get("/v2", describeServer, serverMetadata).get("/v2/", serverMetadata);
  app.route("/v2/health", health);
  app.post("/v2/repository/index", describeRepository, repositoryIndex);
  // As in Triton, before a model of that name.
  app.get("/v2/models/stats", describeAllStatistics, async (c) => {
    c.header("Cache-Control", "no-store");
    const models = await c.get("pool").list();
    return c.json({ model_stats: statistics.describe(models) } satisfies StatisticsAnswer);
  });
  for (const path of ["/v2/models/:name", "/v2/models/:name/versions/:version"]) {
    app.route(path, createModelRoutes(statistics));
    app.route(`${path}/infer`, createInferRoute(statistics));
  }
  return app;
}
