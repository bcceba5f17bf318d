import assert from "node:assert/strict";
import { createApp } from "../../routes/app.ts";
import { triggerDefinitions } from "../../lib/trigger/mod.ts";
import { createFakePool } from "./fake_pool.ts";

Deno.test("every trigger is described with its parameters", async () => {
  const response = await createApp({ pool: createFakePool() }).request("/api/triggers");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    triggers: triggerDefinitions.map(({ kind, summary }) => ({
      kind,
      summary,
      parameters: kind.startsWith("corner")
        ? { amplitude: { type: "number", exclusiveMinimum: 0, maximum: 1, default: 1 } }
        : {
          distance: { type: "integer", minimum: 1, default: 2 },
          value: { type: "number", minimum: 0, maximum: 1, default: 1 },
        },
    })),
  });
});
