import assert from "node:assert/strict";
import { NotFoundError } from "../../../lib/core/errors.ts";
import { createTrigger, triggerFromManifest } from "../../../lib/trigger/create_trigger.ts";
import { triggerDefinitions } from "../../../lib/trigger/definitions.ts";

Deno.test("the article's two triggers are listed, and no kind twice", () => {
  const kinds = triggerDefinitions.map(({ kind }) => kind);
  assert.ok(kinds.includes("pixel") && kinds.includes("pattern"));
  assert.equal(new Set(kinds).size, kinds.length);
});

Deno.test("an unknown kind is not found, and the message lists those there are", () => {
  assert.throws(() => createTrigger("patern"), (error) => {
    assert.ok(error instanceof NotFoundError);
    for (const { kind } of triggerDefinitions) assert.ok(error.message.includes(kind));
    assert.match(error.message, /got patern/);
    return true;
  });
});

Deno.test("options reach the trigger, and those out of range are refused", () => {
  assert.deepEqual(createTrigger("pattern", { distance: 3, value: 0.5 }).manifest, {
    kind: "pattern",
    distance: 3,
    value: 0.5,
  });
  assert.throws(() => createTrigger("pattern", { distance: 0 }), RangeError);
});

Deno.test("a manifest that went through JSON makes the same trigger again", () => {
  for (const { kind, create } of triggerDefinitions) {
    const { manifest, pixels } = create({ distance: 3, value: 0.7, amplitude: 0.7 });
    const again = triggerFromManifest(JSON.parse(JSON.stringify(manifest)));
    assert.equal(again.manifest.kind, kind);
    assert.deepEqual(again.manifest, manifest);
    assert.deepEqual(again.pixels([28, 28, 1]), pixels([28, 28, 1]));
  }
});
