/**
 * `GET /v2/models/{name}` and what stands below it, each also with `/versions/{version}`: metadata,
 * configuration, readiness, statistics.
 *
 * @module
 */

import { Hono } from "hono";
import type { ServedManifest } from "../../lib/registry/mod.ts";
import type { AppEnv } from "../env.ts";
import {
  describeConfig,
  describeMetadata,
  describeModelReady,
  describeStatistics,
} from "./describe.ts";
import { findModel, loadModel, resolveModel } from "./find_model.ts";
import type { ModelConfig, ModelMetadata, ModelReady, StatisticsAnswer } from "./protocol.ts";
import type { Statistics } from "./statistics.ts";
import { INPUT, maxBatchSize, OUTPUT } from "./tensors.ts";

/** `<project>_<format>`, as the protocol names platforms. */
const PLATFORM = "edgedoor_safetensors";

/**
 * The routes of one model.
 *
 * @param statistics Are told of.
 */
export function createModelRoutes(statistics: Statistics): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/", describeMetadata, async (c) => {
      const manifest = await findModel(c);
      return c.json(metadataOf(manifest, await c.get("pool").versions(manifest.name)));
    })
    .get("/config", describeConfig, async (c) => c.json(configOf(await findModel(c))))
    .get("/ready", describeModelReady, async (c) => {
      const manifest = await resolveModel(c);
      await loadModel(c, manifest);
      c.header("Cache-Control", "no-store");
      return c.json({ name: manifest.name, ready: true } satisfies ModelReady);
    })
    .get("/stats", describeStatistics, async (c) => {
      const { name, version } = await findModel(c);
      const versions = c.req.param("version") === undefined
        ? await c.get("pool").versions(name)
        : [version];
      c.header("Cache-Control", "no-store");
      const models = versions.map((version) => ({ name, version }));
      return c.json({ model_stats: statistics.describe(models) } satisfies StatisticsAnswer);
    });
}

function metadataOf(
  { name, input, labels }: ServedManifest,
  versions: readonly string[],
): ModelMetadata {
  return {
    name,
    versions: [...versions],
    platform: PLATFORM,
    inputs: [{ name: INPUT, datatype: "FP32", shape: [-1, ...input] }],
    outputs: [{ name: OUTPUT, datatype: "FP32", shape: [-1, labels.length] }],
  };
}

function configOf(manifest: ServedManifest): ModelConfig {
  const { name, input, labels } = manifest;
  return {
    name,
    platform: PLATFORM,
    max_batch_size: maxBatchSize(manifest),
    input: [{ name: INPUT, data_type: "TYPE_FP32", dims: [...input] }],
    output: [{ name: OUTPUT, data_type: "TYPE_FP32", dims: [labels.length] }],
  };
}
