import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openKv } from "../../../scripts/cli/kv.ts";

const configuration = fileURLToPath(new URL("../../../deno.json", import.meta.url));

Deno.test("without --kv, commands open the store that Deno.openKv() is in a program under deno.json", async () => {
  const key = `default store ${crypto.randomUUID()}`;
  const program = `const kv = await Deno.openKv(); await kv.set(["tests", "${key}"], 1);`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `--config=${configuration}`, program],
    stdout: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  using kv = await openKv();
  const { value } = await kv.get(["tests", key]);
  await kv.delete(["tests", key]);
  assert.equal(value, 1);
});
