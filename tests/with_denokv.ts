/**
 * Servers on a store of another machine.
 *
 * @module
 */

import { createFixtureSource } from "../lib/registry/fixture_source.ts";
import { createKvModelStore } from "../lib/registry/kv_store.ts";
import type { ModelStore } from "../lib/registry/store.ts";
import { type DenokvServer, startDenokv } from "./lib/registry/denokv_server.ts";

const bundled = createFixtureSource(new URL("../fixtures/models/", import.meta.url));

/** The environment of a server on this database. */
export function environmentOf({ url, token }: DenokvServer): Record<string, string> {
  return { EDGEDOOR_KV: url, DENO_KV_ACCESS_TOKEN: token };
}

/** Runs a test with a self-hosted denokv, whose token stands in the environment meanwhile. */
export async function withDenokv(test: (server: DenokvServer) => Promise<void>): Promise<void> {
  await using server = await startDenokv();
  const before = Deno.env.get("DENO_KV_ACCESS_TOKEN");
  Deno.env.set("DENO_KV_ACCESS_TOKEN", server.token);
  try {
    await test(server);
  } finally {
    if (before === undefined) Deno.env.delete("DENO_KV_ACCESS_TOKEN");
    else Deno.env.set("DENO_KV_ACCESS_TOKEN", before);
  }
}

/** Saves a bundled model under another name; the first of them is clean, the second backdoored. */
export async function saveBundled(url: string, name: string, which: 0 | 1): Promise<void> {
  using kv = await Deno.openKv(url);
  await saveBundledIn(createKvModelStore(kv), name, which);
}

async function saveBundledIn(store: ModelStore, name: string, which: 0 | 1): Promise<void> {
  const models = [...await bundled.list()].sort((a, b) => a.name < b.name ? -1 : 1);
  const model = models[which]!;
  await store.save(name, await bundled.read(model), model);
}
