import fc from "fast-check";
import assert from "node:assert/strict";
import { batchNorm, batchNormGrad, moments } from "../../../../lib/wasm/reference/batch_norm.ts";
import { reluGrad } from "../../../../lib/wasm/reference/relu_grad.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { createGuardedMemory, guardedMemories, toValues } from "../guarded_memory.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { assertValues, drawValues } from "../values.ts";

const epsilon = 1 / 64;

/** Splits rows into blocks, as threads share them; some may be empty. */
function split(x: Values, parts: number): Values[] {
  const [rows = 0, columns = 0] = x.shape;
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor(rows * part / parts);
    const to = Math.floor(rows * (part + 1) / parts);
    return { data: x.data.slice(from * columns, to * columns), shape: [to - from, columns] };
  });
}

/** Blocks as named blocks of memory. */
function named(prefix: string, blocks: readonly Values[]): Record<string, Values> {
  return Object.fromEntries(blocks.map((block, i) => [`${prefix}${i}`, block]));
}

/** The coefficients of a normalisation whose mean loses nothing, `(5, channels)`. */
function coefficientsOf(
  { mean, variance }: { mean: Values; variance: Values },
  { gamma, beta }: { gamma: Values; beta: Values },
): Values {
  const inverse = variance.data.map((value) => 1 / Math.sqrt(value + epsilon));
  const scale = inverse.map((value, c) => value * gamma.data[c]!);
  const lost = scale.map(() => 0);
  const data = Float64Array.from([...scale, ...beta.data, ...mean.data, ...inverse, ...lost]);
  return { data, shape: [5, scale.length] };
}

/** Lets in what the sums of many float32 may be off by. */
const TOLERANCE = 2e-5;

const sizes = fc.record({
  rows: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 120, max: 300 })),
  channels: fc.integer({ min: 1, max: 11 }),
  parts: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
  last: fc.nat(),
});

function draw({ rows, channels, seed }: { rows: number; channels: number; seed: number }) {
  return {
    x: drawValues([rows, channels], { seed }),
    dy: drawValues([rows, channels], { seed: seed + 1 }),
    gamma: drawValues([channels], { seed: seed + 2 }),
    beta: drawValues([channels], { seed: seed + 3 }),
  };
}

for (const { name, create } of guardedMemories) {
  Deno.test(`statistics of blocks are merged into the batch's, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.boolean(), (size, isAffine, isMoving) => {
        const { channels, parts, seed, last } = size;
        const { x, gamma, beta } = draw(size);
        const blocks = split(x, parts);
        const stateBytes = module.batchNormStateBytes(channels);
        const movingMean = drawValues([channels], { seed: seed + 4 });
        const movingVariance = drawValues([channels], { seed: seed + 5 });
        const result = run({
          blocks: {
            ...named("x", blocks),
            states: new Float64Array(parts * stateBytes / 8),
            gamma,
            beta,
            movingMean,
            movingVariance,
            coefficients: channels * 20,
          } as Record<string, Values | Float64Array | number>,
          last,
          call: (at) => {
            for (const [i, { shape }] of blocks.entries()) {
              const state = at.states! + i * stateBytes;
              module.batchNormStatistics(at[`x${i}`]!, shape[0]!, channels, state);
            }
            module.batchNormCombine(
              at.states!,
              parts,
              stateBytes,
              channels,
              isAffine ? at.gamma! : 0,
              isAffine ? at.beta! : 0,
              epsilon,
              0.75,
              isMoving ? at.movingMean! : 0,
              isMoving ? at.movingVariance! : 0,
              at.coefficients!,
            );
          },
        });
        const ones = { data: new Float64Array(channels).fill(1), shape: [channels] };
        const none = { data: new Float64Array(channels), shape: [channels] };
        const batch = moments(x);
        const expected = coefficientsOf(
          batch,
          isAffine ? { gamma, beta } : { gamma: ones, beta: none },
        );
        assertValues(toValues(result("coefficients"), [5, channels]), expected, TOLERANCE);
        const pairs = [[movingMean, batch.mean], [movingVariance, batch.variance]] as const;
        for (const [i, [moving, value]] of pairs.entries()) {
          const data = moving.data.map((old, c) =>
            isMoving ? 0.75 * old + 0.25 * value.data[c]! : old
          );
          const actual = result(i === 0 ? "movingMean" : "movingVariance");
          assertValues(toValues(actual, [channels]), { data, shape: [channels] }, TOLERANCE);
        }
      }),
    );
  });

  Deno.test(`values are normalised, with a residual and ReLU or without, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.boolean(), (size, hasResidual, relu) => {
        const { rows, channels, last } = size;
        const { x, dy: residual, gamma, beta } = draw(size);
        const batch = moments(x);
        const sum = batchNorm(x, batch, { gamma, beta, epsilon }).data.map((value, i) =>
          value + (hasResidual ? residual.data[i]! : 0)
        );
        const data = relu ? sum.map((value) => Math.max(0, value)) : sum;
        for (const to of ["x", "residual", "y"] as const) {
          const result = run({
            blocks: {
              x,
              residual,
              ...batch,
              gamma,
              beta,
              coefficients: channels * 20,
              y: x.data.length * 4,
            },
            last,
            call: (at) => {
              module.batchNormFold(
                at.gamma,
                at.beta,
                at.mean,
                at.variance,
                channels,
                epsilon,
                at.coefficients,
              );
              module.batchNormApply(
                at.x,
                rows,
                channels,
                at.coefficients,
                hasResidual ? at.residual : 0,
                relu ? 1 : 0,
                at[to],
              );
            },
          });
          assertValues(toValues(result(to), x.shape), { data, shape: x.shape }, TOLERANCE);
        }
      }),
    );
  });

  Deno.test(`the gradient through the batch's own statistics is that of differences, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(
        sizes.map((size) => ({ ...size, rows: 2 + size.rows % 9 })),
        fc.boolean(),
        (size, relu) => {
          const { rows, channels, parts, last } = size;
          const { x, dy, gamma, beta } = draw(size);
          const batch = moments(x);
          const y = batchNorm(x, batch, { gamma, beta, epsilon });
          const masked = relu ? reluGrad(y, dy) : dy;
          const [xs, dys, ys] = [split(x, parts), split(dy, parts), split(y, parts)];
          const sumsPitch = channels * 16 + 8;
          const result = run({
            blocks: {
              ...named("x", xs),
              ...named("dy", dys),
              ...named("y", ys),
              coefficients: coefficientsOf(batch, { gamma, beta }),
              sums: new Float64Array(parts * sumsPitch / 8),
              dGamma: channels * 4,
              dBeta: channels * 4,
              factors: channels * 16,
            } as Record<string, Values | Float64Array | number>,
            last,
            call: (at) => {
              for (const [i, { shape }] of xs.entries()) {
                module.batchNormGradientSums(
                  at[`x${i}`]!,
                  at[`dy${i}`]!,
                  relu ? at[`y${i}`]! : 0,
                  shape[0]!,
                  channels,
                  at.coefficients!,
                  at.sums! + i * sumsPitch,
                );
              }
              module.batchNormGradientCombine(
                at.sums!,
                parts,
                sumsPitch,
                rows,
                channels,
                at.coefficients!,
                at.dGamma!,
                at.dBeta!,
                at.factors!,
              );
              for (const [i, { shape }] of xs.entries()) {
                const gradient = at[`dy${i}`]!;
                module.batchNormGradient(
                  at[`x${i}`]!,
                  gradient,
                  shape[0]!,
                  channels,
                  at.factors!,
                  gradient,
                );
              }
            },
          });
          const expected = batchNormGrad(x, masked, batch, { gamma, epsilon });
          const of = [channels];
          assertValues(toValues(result("dGamma"), of), expected.gamma, TOLERANCE);
          assertValues(toValues(result("dBeta"), of), expected.beta, TOLERANCE);
          const dx = dys.flatMap((_, i) => [...result(`dy${i}`)]);
          const numeric = numericGradient(
            (moved) => dot(batchNorm(moved, moments(moved), { gamma, beta, epsilon }), masked),
            x,
            2 ** -14,
          );
          // Few rows may lie close together: gradients are then up to 1 / √ε times larger.
          assertValues({ data: Float64Array.from(dx), shape: x.shape }, numeric, 1e-4);
        },
      ),
      { numRuns: 60 },
    );
  });

  Deno.test(`gradients to given statistics equal the reference, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(sizes, (size) => {
        const { rows, channels, last, seed } = size;
        const { x, dy, gamma, beta } = draw(size);
        const mean = drawValues([channels], { seed: seed + 4 });
        const variance = { data: mean.data.map((value) => value * value), shape: [channels] };
        const expected = batchNormGrad(x, dy, { mean, variance }, { gamma, epsilon });
        const result = run({
          blocks: {
            x,
            dy,
            coefficients: coefficientsOf({ mean, variance }, { gamma, beta }),
            sums: new Float64Array(channels * 2),
            mean: channels * 4,
            variance: channels * 4,
            gamma: channels * 4,
            beta: channels * 4,
          },
          last,
          call: (at) => {
            const { coefficients, sums } = at;
            module.batchNormGradientSums(at.x, at.dy, 0, rows, channels, coefficients, sums);
            module.batchNormParameterGradients(
              sums,
              channels,
              coefficients,
              at.mean,
              at.variance,
              at.gamma,
              at.beta,
            );
          },
        });
        for (const part of ["mean", "variance", "gamma", "beta"] as const) {
          assertValues(toValues(result(part), [channels]), expected[part], TOLERANCE);
        }
      }),
    );
  });
}

Deno.test("a variance survives a mean a thousand deviations away, and an outlier in front", () => {
  const { module, run } = createGuardedMemory();
  const rows = 1000;
  for (const [offset, first] of [[1000, 0], [0, 100]] as const) {
    const x = drawValues([rows, 5], { seed: 1 });
    x.data.forEach((value, i) => x.data[i] = value + offset + (i < 5 ? first : 0));
    const { mean, variance } = moments(x);
    const result = run({
      blocks: { x, state: new Float64Array(11), coefficients: 5 * 20 },
      last: 0,
      call: (at) => {
        module.batchNormStatistics(at.x, rows, 5, at.state);
        module.batchNormCombine(at.state, 1, 0, 5, 0, 0, 0, 0, 0, 0, at.coefficients);
      },
    });
    const coefficients = toValues(result("coefficients"), [5, 5]).data;
    assertValues({ data: coefficients.slice(10, 15), shape: [5] }, mean, 1e-6);
    const inverse = variance.data.map((value) => 1 / Math.sqrt(value));
    assertValues(
      { data: coefficients.slice(15, 20), shape: [5] },
      { data: inverse, shape: [5] },
      1e-5,
    );
  }
});

/** Small deviations from a large mean, all of them exact in float32. */
function farFromZero(rows: number, channels: number): Values {
  const x = drawValues([rows, channels], { seed: 1 });
  return { ...x, data: x.data.map((value) => 10_000 + value / 64) };
}

Deno.test("a batch ten thousand deviations from zero is normalised, and its gradient taken, as one at zero", () => {
  const { module, run } = createGuardedMemory();
  const [rows, channels, none] = [50, 5, 2 ** -20];
  const x = farFromZero(rows, channels);
  const [dy, gamma, beta] = [
    drawValues(x.shape, { seed: 2 }),
    drawValues([channels], { seed: 3 }),
    drawValues([channels], { seed: 4 }),
  ];
  const bytes = x.data.length * 4;
  const result = run({
    blocks: {
      ...{ x, dy, gamma, beta, y: bytes, dx: bytes },
      state: new Float64Array(1 + 2 * channels),
      sums: new Float64Array(2 * channels),
      coefficients: channels * 20,
      factors: channels * 16,
    },
    last: 0,
    call(at) {
      const { coefficients, sums, factors } = at;
      module.batchNormStatistics(at.x, rows, channels, at.state);
      module.batchNormCombine(
        ...[at.state, 1, 0, channels, at.gamma, at.beta, none, 0, 0, 0, coefficients] as const,
      );
      module.batchNormApply(at.x, rows, channels, coefficients, 0, 0, at.y);
      module.batchNormGradientSums(at.x, at.dy, 0, rows, channels, coefficients, sums);
      module.batchNormGradientCombine(
        ...[sums, 1, 0, rows, channels, coefficients, 0, 0, factors] as const,
      );
      module.batchNormGradient(at.x, at.dy, rows, channels, factors, at.dx);
    },
  });
  const parameters = { gamma, beta, epsilon: none };
  const of = (moved: Values) => batchNorm(moved, moments(moved), parameters);
  assertValues(toValues(result("y"), x.shape), of(x), 2e-6);
  const gradient = numericGradient((moved) => dot(of(moved), dy), x, 2 ** -14);
  const largest = Math.max(...gradient.data.map(Math.abs));
  result("dx").forEach((value, i) => {
    const difference = Math.abs(value - gradient.data[i]!);
    assert.ok(difference < 3e-4 * largest, `${i}: ${value} for ${gradient.data[i]}`);
  });
});
