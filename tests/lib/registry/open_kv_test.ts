import assert from "node:assert/strict";
import { openKv } from "../../../lib/registry/open_kv.ts";

const refusals: readonly [where: string, message: RegExp][] = [
  ["", /--store must be a path, :memory:, or an http\(s\) URL, got ""/],
  ["ftp://host", /--store must be a path.*got "ftp:\/\/host"/],
  ["https://host", /https:\/\/host: the environment variable DENO_KV_ACCESS_TOKEN must hold/],
];
for (const [where, message] of refusals) {
  Deno.test(`a store named "${where}" is wrong usage`, async () => {
    await assert.rejects(openKv(where, { setting: "--store" }), { name: "UsageError", message });
  });
}

Deno.test("a store that cannot be opened is named, with the setting to change", async () => {
  await assert.rejects(
    openKv("/no/such/folder/kv", { setting: "EDGEDOOR_KV" }),
    /^Error: Cannot open the store \/no\/such\/folder\/kv: .*; its folder must exist.*set EDGEDOOR_KV/,
  );
});

Deno.test("a store that is there is opened", async () => {
  using kv = await openKv(":memory:", { setting: "--store" });
  await kv.set(["key"], 1);
  assert.equal((await kv.get(["key"])).value, 1);
});
