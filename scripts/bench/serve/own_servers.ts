/**
 * edgedoor as it is measured: the command of `deno task start`, on a store that has the bundled
 * models, or on an empty one.
 *
 * @module
 */

import { createFixtureSource } from "../../../lib/registry/fixture_source.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { descriptionOf } from "../../../lib/registry/manifest.ts";
import { permissions } from "../../cli/permissions.ts";
import { projectPath } from "../../cli/user_folder.ts";
import type { ServerKind } from "./server.ts";

/** How edgedoor serves. */
export interface OwnServerOptions {
  readonly name: string;
  /** From 1. */
  readonly workers: number;
  /** A path of a local KV, or `:memory:`. */
  readonly kv: string;
}

/** edgedoor, without a limit a client. */
export function ownServer({ name, workers, kv }: OwnServerOptions): ServerKind {
  return {
    name,
    workers,
    isOwn: true,
    command: (port) => ({
      command: [
        Deno.execPath(),
        ...["run", "--quiet", `--config=${projectPath("deno.run.json")}`, ...permissions.serve],
        projectPath("scripts/start.ts"),
        ...["--host", "127.0.0.1", "--port", `${port}`, "--kv", kv],
        ...workers > 1 ? ["--workers", `${workers}`] : [],
      ],
      env: { RATE_LIMIT: "0", INIT_CWD: "" },
    }),
  };
}

/**
 * Saves the bundled models to a local KV, as a training would.
 *
 * @param path Its file.
 */
export async function storeBundledModels(path: string): Promise<void> {
  const bundled = createFixtureSource(new URL("../../../fixtures/models/", import.meta.url));
  using kv = await Deno.openKv(path);
  const store = createKvModelStore(kv);
  for (const manifest of await bundled.list()) {
    await store.save(manifest.name, await bundled.read(manifest), descriptionOf(manifest));
  }
}
