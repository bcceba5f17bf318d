/** The stored vectors against a new run of the Adversarial Robustness Toolbox. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { folder } from "./vectors.ts";

const script = fileURLToPath(new URL("../../scripts/parity/make_vectors.py", import.meta.url));

Deno.test("the stored vectors are what ART answers", async () => {
  const python = Deno.env.get("EDGEDOOR_TEST_ART");
  assert.ok(python, "EDGEDOOR_TEST_ART must name a Python that has ART; deno task test sets it");
  const again = await Deno.makeTempDir();
  try {
    const { success, stderr } = await new Deno.Command(python, { args: [script, again] }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const parts = [...Deno.readDirSync(again)].map(({ name }) => name).sort();
    const stored = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(stored.filter((name) => name.endsWith(".json")), parts);
    for (const part of parts) {
      const [before, now] = await Promise.all(
        [folder, again].map(async (place) =>
          JSON.parse(await Deno.readTextFile(`${place}/${part}`))
        ),
      );
      assertAlike(now, before, part);
    }
  } finally {
    await Deno.remove(again, { recursive: true });
  }
});

/** Equal, fractions within 1e-6: how NumPy adds up depends on the processor. */
function assertAlike(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === "number" && typeof actual === "number" && !Number.isInteger(expected)) {
    assert.ok(Math.abs(actual - expected) <= 1e-6, `${where}: ${actual}, stored ${expected}`);
    return;
  }
  if (typeof expected !== "object" || expected === null) {
    assert.deepEqual(actual, expected, where);
    return;
  }
  assert.ok(typeof actual === "object" && actual !== null, where);
  const entries = Object.entries(expected);
  assert.deepEqual(Object.keys(actual), entries.map(([key]) => key), where);
  const values = new Map(Object.entries(actual));
  for (const [key, value] of entries) assertAlike(values.get(key), value, `${where}.${key}`);
}
