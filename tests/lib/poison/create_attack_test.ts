import assert from "node:assert/strict";
import { NotFoundError } from "../../../lib/core/errors.ts";
import { attackDefinitions, createAttack } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";

Deno.test("every kind in the list makes an attack of that kind", () => {
  const options = { trigger: createTrigger("pixel"), classes: 10 };
  const kinds = attackDefinitions.map(({ kind }) => kind);
  for (const kind of ["none", "single-target", "all-to-all", "clean-label"]) {
    assert.ok(kinds.includes(kind), kind);
  }
  assert.equal(new Set(kinds).size, kinds.length);
  assert.deepEqual(kinds.map((kind) => createAttack(kind, options).kind), kinds);
});

Deno.test("an unknown kind is an error that lists the known ones", () => {
  assert.throws(() => createAttack("some-to-any", { trigger: null, classes: 10 }), (error) => {
    assert(error instanceof NotFoundError);
    assert.equal(
      error.message,
      `Cannot make attack: kind must be one of ${
        attackDefinitions.map(({ kind }) => kind).join(", ")
      }, got some-to-any`,
    );
    return true;
  });
});

Deno.test("an attack knows, before the work, what cannot be poisoned", () => {
  const attack = createAttack("single-target", {
    ...{ trigger: createTrigger("pixel"), source: 1, target: 0, classes: 3 },
  });
  const labels = Uint8Array.of(0, 0, 1, 1, 2);
  attack.check(labels, 0.5);
  attack.check(labels, 0);
  assert.throws(() => attack.check(labels, 1), /rate must be from 0 to below 1, got 1/);
  assert.throws(() => attack.check(labels, 0.01), /rate must make at least one poisoned image of/);
  assert.throws(() => attack.check(Uint8Array.of(0, 2), 0.5), /must hold images that the attack/);
});
