import assert from "node:assert/strict";
import { NotFoundError } from "../../../lib/core/errors.ts";
import { attackDefinitions, createAttack } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";

Deno.test("every kind in the list makes an attack of that kind", () => {
  const options = { trigger: createTrigger("pixel"), classes: 10 };
  const kinds = attackDefinitions.map(({ kind }) => kind);
  assert.deepEqual(kinds, ["none", "single-target", "all-to-all", "clean-label"]);
  assert.deepEqual(kinds.map((kind) => createAttack(kind, options).kind), kinds);
});

Deno.test("an unknown kind is an error that lists the known ones", () => {
  assert.throws(() => createAttack("some-to-any", { trigger: null, classes: 10 }), (error) => {
    assert(error instanceof NotFoundError);
    assert.equal(
      error.message,
      "Cannot make attack: kind must be one of none, single-target, all-to-all, clean-label, got some-to-any",
    );
    return true;
  });
});
