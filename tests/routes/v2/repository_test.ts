import assert from "node:assert/strict";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool, fakeManifest } from "../fake_pool.ts";

Deno.test("the repository's index names what can be asked, and what cannot with the reason", async () => {
  const app = createApp({
    pool: createFakePool({
      manifests: [fakeManifest("digits", { version: "3" }), fakeManifest("odd")],
      problems: [
        { name: "odd", version: "1", problem: "Cannot load odd" },
        { name: "torn", version: null, problem: "Cannot read torn" },
        { name: null, version: null, problem: "Cannot read the store" },
      ],
    }),
  });
  const index = async (body: string) => {
    const response = await app.request("/v2/repository/index", { method: "POST", body });
    assert.equal(response.status, 200);
    return await response.json();
  };
  const digits = { name: "digits", version: "3", state: "READY", reason: "" };
  const all = [
    digits,
    { name: "odd", version: "1", state: "UNAVAILABLE", reason: "Cannot load odd" },
    { name: "torn", state: "UNAVAILABLE", reason: "Cannot read torn" },
  ];
  for (const body of ["", "{}", '{"ready":false}']) assert.deepEqual(await index(body), all);
  assert.deepEqual(await index('{"ready":true}'), [digits]);
});
