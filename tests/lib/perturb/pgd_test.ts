import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom } from "../../../lib/core/random.ts";
import { selectImages } from "../../../lib/core/select_images.ts";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { type Norm, norms, pgd, type PgdOptions } from "../../../lib/perturb/mod.ts";

const SIZE = 12;

function randomImages(count: number, seed: number): ImageBatch {
  const { uniform } = createRandom(seed, "images");
  const data = Float32Array.from({ length: count * SIZE }, uniform);
  return { data, shape: [count, 2, 2, 3] };
}

/** The gradient of Σ w·x: the same everywhere. */
function constantGradient(w: readonly number[]): PgdOptions["gradient"] {
  return ({ data }) => Promise.resolve(Float32Array.from(data, (_, i) => w[i % w.length]!));
}

const weights = Array.from({ length: SIZE }, (_, i) => Math.sin(7 * i + 1));
const base = {
  labels: Uint8Array.of(0),
  gradient: constantGradient(weights),
  randomStarts: 0,
  seed: 1,
};

function sizeOf(perturbation: Float32Array, norm: Norm): number {
  const sizes = perturbation.map(Math.abs);
  if (norm === "inf") return Math.max(...sizes);
  return norm === 1
    ? sizes.reduce((sum, value) => sum + value, 0)
    : Math.sqrt(sizes.reduce((sum, value) => sum + value ** 2, 0));
}

function difference(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value - b[i]!);
}

Deno.test("a first step of each norm is of its size, along what counts", async () => {
  const images = { data: new Float32Array(SIZE).fill(0.5), shape: [1, 2, 2, 3] as const };
  const step = async (norm: Norm) => {
    const { data } = await pgd(images, { ...base, norm, eps: 1, epsStep: 0.1, steps: 1 });
    return difference(data, images.data);
  };
  const close = (actual: Float32Array, expected: readonly number[]) =>
    actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6));
  close(await step("inf"), weights.map((w) => 0.1 * Math.sign(w)));
  const length = Math.hypot(...weights);
  close(await step(2), weights.map((w) => 0.1 * w / length));
  const most = Math.max(...weights.map(Math.abs));
  close(await step(1), weights.map((w) => Math.abs(w) === most ? 0.1 * Math.sign(w) : 0));
});

Deno.test("wherever it ends, it is within 0-1 and within the ball, and the loss is no lower", async () => {
  const runs = fc.record({
    norm: fc.constantFrom(...norms),
    eps: fc.double({ min: 0, max: 2, noNaN: true }),
    epsStep: fc.double({ min: 0.01, max: 1, noNaN: true }),
    steps: fc.integer({ min: 0, max: 6 }),
    randomStarts: fc.integer({ min: 0, max: 1 }),
    seed: fc.nat(),
  });
  await fc.assert(fc.asyncProperty(runs, fc.integer({ min: 0, max: 3 }), async (run, count) => {
    const images = randomImages(count, run.seed);
    const before = structuredClone(images);
    const labels = new Uint8Array(count);
    const { data, shape } = await pgd(images, { ...base, ...run, labels });
    assert.deepEqual(images, before);
    assert.deepEqual(shape, images.shape);
    assert.ok(data.every((value) => value >= 0 && value <= 1));
    for (let first = 0; first < data.length; first += SIZE) {
      const perturbation = difference(data, images.data).subarray(first, first + SIZE);
      // A random start is clipped alone; the projection comes with the first step.
      assert.ok(sizeOf(perturbation, run.norm) <= run.eps + 1e-5);
      if (run.randomStarts > 0) continue;
      const gain = perturbation.reduce((sum, value, i) => sum + value * weights[i]!, 0);
      assert.ok(gain >= -1e-6, `the loss fell by ${-gain}`);
    }
  }));
});

Deno.test("an image's result does not depend on its neighbours", async () => {
  const images = randomImages(4, 3);
  const options = { ...base, norm: 2, eps: 0.5, epsStep: 0.2, steps: 4 } as const;
  const all = await pgd(images, { ...options, labels: new Uint8Array(4) });
  const third = { data: images.data.subarray(2 * SIZE, 3 * SIZE), shape: [1, 2, 2, 3] as const };
  const alone = await pgd(third, options);
  assert.deepEqual(alone.data, all.data.slice(2 * SIZE, 3 * SIZE));
});

Deno.test("gradients are asked for where the images have come to, under their labels", async () => {
  const images = randomImages(2, 1);
  const labels = Uint8Array.of(4, 7);
  const seen: Float32Array[] = [];
  const { data } = await pgd(images, {
    ...base,
    labels,
    gradient(moved, asked) {
      assert.deepEqual(asked, labels);
      seen.push(moved.data.slice());
      return Promise.resolve(new Float32Array(moved.data.length).fill(1));
    },
    ...{ norm: "inf", eps: 0.1, epsStep: 0.03, steps: 3 },
  });
  assert.equal(seen.length, 3);
  assert.deepEqual(seen[0], images.data);
  assert.ok(seen[2]!.every((value, i) => value >= seen[1]![i]! && value <= data[i]!));
});

Deno.test("where the gradient is zero or no number, nothing moves", async () => {
  const images = randomImages(1, 1);
  for (const value of [0, NaN]) {
    for (const norm of norms) {
      const gradient = constantGradient([value]);
      const { data } = await pgd(images, { ...base, gradient, norm, eps: 1, epsStep: 1, steps: 2 });
      difference(data, images.data).forEach((moved) => assert.ok(Math.abs(moved) < 1e-7));
    }
  }
});

for (const infinite of [Infinity, -Infinity]) {
  Deno.test(`a gradient that holds ${infinite} and NaN moves what ART moves, and nothing else`, async () => {
    const images = { data: new Float32Array(2 * SIZE).fill(0.5), shape: [2, 2, 2, 3] as const };
    // The second image's gradient is sound: it moves as it would alone.
    const values = weights.toSpliced(3, 2, infinite, NaN);
    const gradient = constantGradient([...values, ...weights]);
    const sign = Math.sign(infinite);
    const expected = {
      inf: values.map((value) => 0.1 * (Number.isNaN(value) ? 0 : Math.sign(value))),
      1: values.map((value) => value === infinite ? 0.1 * sign : 0),
      2: values.map(() => 0),
    };
    for (const norm of norms) {
      const run = { ...base, norm, eps: 1, epsStep: 0.1, steps: 1 } as const;
      const { data } = await pgd(images, { ...run, labels: Uint8Array.of(0, 0), gradient });
      const moved = difference(data, images.data);
      expected[norm].forEach((value, i) => assert.ok(Math.abs(moved[i]! - value) < 1e-6));
      const alone = await pgd(
        { ...images, data: images.data.slice(SIZE), shape: [1, 2, 2, 3] },
        run,
      );
      assert.deepEqual(data.slice(SIZE), alone.data);
    }
  });
}

for (const norm of norms) {
  Deno.test(`norm ${norm}: random starts fill the ball, the same for the same seed`, async () => {
    const images = { data: new Float32Array(200 * SIZE).fill(0.5), shape: [200, 2, 2, 3] as const };
    const options = { ...base, norm, eps: 0.4, epsStep: 1, steps: 0, randomStarts: 1 };
    const { data } = await pgd(images, options);
    assert.deepEqual((await pgd(images, options)).data, data);
    assert.notDeepEqual((await pgd(images, { ...options, seed: 2 })).data, data);
    const sizes = Array.from(
      { length: 200 },
      (_, i) => sizeOf(difference(data, images.data).subarray(i * SIZE, (i + 1) * SIZE), norm),
    );
    assert.ok(sizes.every((size) => size <= 0.4 + 1e-6));
    // In twelve dimensions most of a ball lies near its surface.
    assert.ok(sizes.filter((size) => size > 0.3).length > 100);
    const sum = difference(data, images.data).reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum / data.length) < 0.02, "one side is preferred");
  });
}

Deno.test("of several starts, an image takes the last one that the model misreads", async () => {
  const images = randomImages(3, 1);
  const results: ImageBatch[] = [];
  const predict = (batch: ImageBatch) => {
    if (batch === images) return Promise.resolve(Uint8Array.of(1, 1, 1));
    results.push(batch);
    // The second start fools it on the first image, the third one on the first and second.
    return Promise.resolve(results.length === 1 ? Uint8Array.of(2, 1, 1) : Uint8Array.of(2, 2, 1));
  };
  const options = {
    ...base,
    labels: Uint8Array.of(1, 1, 1),
    norm: 2,
    eps: 1,
    epsStep: 0.5,
  } as const;
  const one = await pgd(images, { ...options, steps: 1, randomStarts: 1 });
  const { data } = await pgd(images, { ...options, steps: 1, randomStarts: 3, predict });
  const imageOf = (values: Float32Array, i: number) => values.slice(i * SIZE, (i + 1) * SIZE);
  assert.equal(results.length, 2);
  assert.deepEqual(imageOf(data, 0), imageOf(results[1]!.data, 0));
  assert.deepEqual(imageOf(data, 1), imageOf(results[1]!.data, 1));
  assert.deepEqual(imageOf(data, 2), imageOf(one.data, 2));
});

Deno.test("an image's random starts are the same whichever others are perturbed", async () => {
  const images = randomImages(3, 1);
  const options = { ...base, norm: 2, eps: 1, epsStep: 0.5, steps: 0, randomStarts: 1 } as const;
  const all = await pgd(images, { ...options, indices: Uint32Array.of(7, 8, 9) });
  const part = await pgd(selectImages(images, [1, 2]), {
    ...options,
    indices: Uint32Array.of(8, 9),
  });
  assert.deepEqual(part.data, all.data.slice(SIZE));
  assert.notDeepEqual(part.data.slice(0, SIZE), all.data.slice(0, SIZE));
});

Deno.test("progress counts the steps of all starts, and may stop the work", async () => {
  const images = randomImages(1, 1);
  const seen: string[] = [];
  const options = {
    ...base,
    ...{ norm: "inf", eps: 1, epsStep: 0.1, steps: 2, randomStarts: 2 } as const,
    predict: () => Promise.resolve(Uint8Array.of(0)),
  };
  await pgd(images, { ...options, onStep: (done, total) => seen.push(`${done}/${total}`) });
  assert.deepEqual(seen, ["1/4", "2/4", "3/4", "4/4"]);
  const enough = new Error("enough");
  const onStep = () => {
    throw enough;
  };
  await assert.rejects(pgd(images, { ...options, onStep }), (error) => error === enough);
});

for (
  const [change, message] of [
    [{ eps: -1 }, /eps must be a number from 0, got -1/],
    [{ epsStep: 0 }, /epsStep must be a finite number above 0, got 0/],
    [{ epsStep: Infinity }, /epsStep must be a finite number above 0, got Infinity/],
    [{ steps: 1.5 }, /steps must be an integer from 0, got 1.5/],
    [{ randomStarts: -1 }, /randomStarts must be an integer from 0, got -1/],
    [{ randomStarts: 2 }, /predict must be given where randomStarts is more than 1, got 2/],
  ] as const
) {
  Deno.test(`${JSON.stringify(change)} is refused`, async () => {
    const options = { ...base, norm: 2, eps: 1, epsStep: 1, steps: 1, ...change } as const;
    await assert.rejects(pgd(randomImages(1, 1), options), { name: "RangeError", message });
  });
}
