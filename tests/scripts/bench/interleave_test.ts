import assert from "node:assert/strict";
import { interleave, type Variant } from "../../../scripts/bench/interleave.ts";

/** Variants that write down when they are measured, and answer 10 times their factor and round. */
function variants(order: string[]): Variant[] {
  return [["a", 1], ["b", 2]].map(([name, factor]) => ({
    name: `${name}`,
    measure: (round) => {
      order.push(`${name}${round}`);
      return Promise.resolve({
        figures: { speed: 10 * Number(factor) * round, ...name === "b" ? { extra: 1 } : {} },
        about: { version: `${name}` },
      });
    },
  }));
}

Deno.test("variants take turns, round after round; the warm-up does not count", async () => {
  const order: string[] = [];
  const heard: string[] = [];
  const samples = await interleave(variants(order), {
    rounds: 2,
    warmUp: true,
    onAnswer: (variant, round) => heard.push(`${variant}${round}`),
  });
  assert.deepEqual(order, ["a0", "b0", "a1", "b1", "a2", "b2"]);
  assert.deepEqual(heard, ["a1", "b1", "a2", "b2"]);
  assert.deepEqual(samples.values("b", "speed"), [20, 40]);
});

Deno.test("samples answer for figures that are there, and say where there are none", async () => {
  const samples = await interleave(variants([]), { rounds: 3 });
  assert.deepEqual(samples.variants, ["a", "b"]);
  assert.deepEqual(samples.summary("a", "speed"), { median: 20, min: 10, max: 30 });
  assert.deepEqual(samples.ratio("speed", "b", "a"), { median: 2, min: 2, max: 2 });
  assert.equal(samples.summary("a", "extra"), null);
  assert.equal(samples.ratio("extra", "b", "a"), null);
  assert.equal(samples.summary("c", "speed"), null);
  assert.deepEqual(samples.toJson().a, {
    about: { version: "a" },
    figures: { speed: { median: 20, min: 10, max: 30, rounds: [10, 20, 30] } },
  });
});

Deno.test("a measurement that fails ends the run", async () => {
  const failing = { name: "c", measure: () => Promise.reject(new Error("no")) };
  await assert.rejects(interleave([failing], { rounds: 1 }), /no/);
});
