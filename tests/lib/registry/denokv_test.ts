import { startDenokv } from "./denokv_server.ts";
import { storeCases } from "./store_cases.ts";

Deno.test("on a self-hosted denokv server the store keeps its contract", async (t) => {
  await using server = await startDenokv();
  const before = Deno.env.get("DENO_KV_ACCESS_TOKEN");
  Deno.env.set("DENO_KV_ACCESS_TOKEN", server.token);
  try {
    using kv = await Deno.openKv(server.url);
    for (const { name, run } of storeCases) {
      await t.step(name, async () => {
        await clear(kv);
        await run(kv);
      });
    }
  } finally {
    if (before === undefined) Deno.env.delete("DENO_KV_ACCESS_TOKEN");
    else Deno.env.set("DENO_KV_ACCESS_TOKEN", before);
  }
});

async function clear(kv: Deno.Kv): Promise<void> {
  for await (const { key } of kv.list({ prefix: [] })) await kv.delete(key);
}
