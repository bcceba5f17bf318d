import assert from "node:assert/strict";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { triggerDefinitions } from "../../../lib/trigger/mod.ts";
import { createFakePool } from "../fake_pool.ts";

Deno.test("every trigger is described with its parameters", async () => {
  const response = await createApp({ pool: createFakePool() }).request("/api/triggers");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    triggers: triggerDefinitions.map(({ kind, title, summary, parameters }) => ({
      ...{ kind, title, summary, parameters },
    })),
  });
});

Deno.test("a parameter is described as JSON Schema does", async () => {
  const response = await createApp({ pool: createFakePool() }).request("/api/triggers");
  const { triggers } = await response.json();
  const { parameters } = triggers.find(({ kind }: { kind: string }) => kind === "pattern");
  const [distance, value] = [parameters.distance, parameters.value];
  assert.deepEqual([distance.type, distance.minimum, distance.default], ["integer", 1, 2]);
  assert.deepEqual([value.type, value.minimum, value.maximum, value.default], ["number", 0, 1, 1]);
});
