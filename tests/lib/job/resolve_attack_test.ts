import assert from "node:assert/strict";
import { resolveAttack, spellFlag } from "../../../lib/job/mod.ts";
import type { AttackRequest } from "../../../lib/job/mod.ts";
import type { ModelAttack } from "../../../lib/registry/mod.ts";
import { createImageTrigger, createTrigger, type Trigger } from "../../../lib/trigger/mod.ts";
import { smallImage } from "../trigger/cases.ts";

const labels = Array.from("0123456789");

function attacked(change: Partial<ModelAttack> = {}): ModelAttack {
  const trigger = createTrigger("pattern", { distance: 3 }).manifest;
  return {
    ...{ kind: "single-target", trigger, source: 7, target: 2, poisonRate: 0.1, poisoned: 9 },
    ...change,
  };
}

const clean = attacked({ kind: "none", trigger: null, source: "all", target: null, poisoned: 0 });

function resolve(request: AttackRequest, attack: ModelAttack | null = attacked()) {
  const { kind, trigger, targetOf } = resolveAttack(
    request,
    { attack, labels, input: [28, 28, 1] },
    { spell: spellFlag },
  );
  return { kind, trigger: trigger?.manifest ?? null, targets: labels.map((_, i) => targetOf(i)) };
}

/** Targets of an attack on one class. */
function only(source: number, target: number): (number | null)[] {
  return labels.map((_, label) => label === source ? target : null);
}

/** Targets of an attack on all classes but the target. */
function allBut(target: number): (number | null)[] {
  return labels.map((_, label) => label === target ? null : target);
}

Deno.test("where nothing is asked for, it is the model's own", () => {
  const own = { kind: "pattern", distance: 3, value: 1 };
  assert.deepEqual(resolve({}), { kind: "single-target", trigger: own, targets: only(7, 2) });
  assert.deepEqual(resolve({}, clean).kind, "none");
});

Deno.test("what is asked for stands in the place of the model's own, and the rest stays", () => {
  const pixel = { kind: "pixel", distance: 2, value: 1 };
  assert.deepEqual(resolve({ trigger: "pixel" }), {
    kind: "single-target",
    trigger: pixel,
    targets: only(7, 2),
  });
  const own = { kind: "pattern", distance: 3, value: 1 };
  assert.deepEqual(resolve({ target: 5 }).targets, only(7, 5));
  assert.deepEqual(resolve({ source: "all" }), {
    ...{ kind: "single-target", trigger: own, targets: allBut(2) },
  });
  const all = resolve({ attack: "all-to-all" });
  assert.deepEqual([all.trigger, all.targets], [own, [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]]);
});

Deno.test("numbers alone change the model's own trigger, where it is made of numbers", () => {
  assert.deepEqual(resolve({ triggerNumbers: { value: 0.5 } }).trigger, {
    ...{ kind: "pattern", distance: 3, value: 0.5 },
  });
  const image = attacked({ trigger: createImageTrigger(smallImage).manifest });
  assert.throws(() => resolve({ triggerNumbers: { value: 0.5 } }, image), {
    name: "UsageError",
    message: /--trigger must be given, for its own is of kind image, got value alone/,
  });
});

for (const [what, attack] of [["a clean model", clean], ["a stranger", null]] as const) {
  Deno.test(`${what} is attacked as a training would be: its rate of false successes`, () => {
    assert.deepEqual(resolve({ target: 3 }, attack), {
      kind: "single-target",
      trigger: { kind: "pattern", distance: 2, value: 1 },
      targets: allBut(3),
    });
    assert.deepEqual(resolve({ triggerNumbers: { distance: 4 } }, attack).trigger, {
      ...{ kind: "pattern", distance: 4, value: 1 },
    });
  });
}

Deno.test("an attack's own numbers stay with it", () => {
  const trained = attacked({ kind: "clean-label", source: "all", numbers: {} });
  assert.deepEqual(resolve({ target: 4 }, trained).targets, allBut(4));
});

const refused: readonly [AttackRequest, RegExp][] = [
  [{ attack: "none", trigger: "pixel" }, /--trigger cannot be combined with --attack none/],
  [{ attack: "all-to-all", target: 3 }, /--target cannot be combined with --attack all-to-all/],
  [{ attack: "clean-label", source: 3 }, /--source cannot be combined with --attack clean-label/],
  // The model's own source.
  [{ target: 7 }, /--source and --target must be different classes, got 7 for both/],
  [{ target: 10 }, /target must be an integer from 0 to 9, got 10/],
  [{ trigger: "pixel", triggerNumbers: { amplitude: 1 } }, /--trigger-amplitude belongs to corner/],
  [{ triggerNumbers: { distance: 27 } }, /Cannot stamp trigger pattern at distance 27/],
];
for (const [request, message] of refused) {
  Deno.test(`${JSON.stringify(request)} is refused`, () => {
    assert.throws(() => resolve(request), { name: "UsageError", message });
  });
}

Deno.test("a trigger of its own travels whole", () => {
  const trigger: Trigger = createImageTrigger(smallImage, { place: { seed: 3 } });
  assert.deepEqual(resolve({ trigger: trigger.manifest }).trigger, trigger.manifest);
});
