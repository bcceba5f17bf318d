import assert from "node:assert/strict";
import fc from "fast-check";
import { Buffers } from "../../../lib/engine/buffers.ts";
import {
  call,
  type ImagePass,
  type PartPass,
  type Pass,
  type Plan,
  Program,
  type Tensor,
} from "../../../lib/engine/plan.ts";

const KIB = 1024;

/** A pass over images: a call for each tensor and block. */
function images(reads: readonly Tensor[], writes: readonly Tensor[]): ImagePass {
  return {
    kind: "images",
    reads,
    writes,
    run: ({ at, count }) => [
      ...reads.map((tensor) => call("copy", at(tensor), 0, count * tensor.bytesPerImage)),
      ...writes.map((tensor) => call("fill", at(tensor), count * tensor.bytesPerImage)),
    ],
  };
}

/** Work in parts on all images of some tensors. */
function parts(
  reads: readonly Tensor[],
  writes: readonly Tensor[],
  { extent = 2, granularity = 1 } = {},
): PartPass {
  return { kind: "parts", extent, granularity, reads, writes, run: () => [] };
}

function programOf(passes: readonly Pass[], { threads = 2, batchSize = 8 } = {}): Program {
  return new Program(passes, { buffers: new Buffers(), threads, batchSize });
}

function stagesOf(passes: readonly Pass[]): number {
  return programOf(passes).plan(8).length;
}

function tensor(bytesPerImage = 4): Tensor {
  return { bytesPerImage };
}

Deno.test("images are shared out among threads, each its own, none left out, in turn", () => {
  const [threads, batch] = [fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 })];
  fc.assert(fc.property(threads, batch, (threads, count) => {
    const seen: { thread: number; first: number; count: number }[] = [];
    const pass: ImagePass = {
      kind: "images",
      run: ({ thread, first, count }) => {
        seen.push({ thread, first, count });
        return [];
      },
    };
    const plan = programOf([pass], { threads, batchSize: 40 }).plan(count);
    assert.equal(plan[0]!.length, threads);
    let next = 0;
    for (const block of seen) {
      assert.equal(block.first, next);
      next += block.count;
    }
    assert.equal(next, count);
    const loads = Array.from(
      { length: threads },
      (_, thread) =>
        seen.filter((block) => block.thread === thread)
          .reduce((sum, block) => sum + block.count, 0),
    );
    assert.ok(Math.max(...loads) - Math.min(...loads) <= 1, "nobody has two more than another");
  }));
});

Deno.test("where there are fewer images than threads, some have none, but clear their sums all the same", () => {
  const pass: ImagePass = {
    kind: "images",
    before: (thread) => [call("fill", thread, 1)],
    run: ({ first }) => [call("copy", first, 0, 0)],
    after: (thread) => [call("fill", thread, 2)],
  };
  const plan = programOf([pass], { threads: 3 }).plan(1);
  const kernels = plan[0]!.map((calls) => calls.map(({ kernel }) => kernel));
  assert.deepEqual(kernels, [["fill", "fill"], ["fill", "fill"], ["fill", "copy", "fill"]]);
});

Deno.test("blocks go through all passes, one after the other, in as many images as fit in the cache", () => {
  const [x, y] = [tensor(100 * KIB), tensor(10 * KIB)];
  const order: string[] = [];
  const pass = (name: string, tensors: readonly Tensor[]): ImagePass => ({
    kind: "images",
    writes: tensors,
    run: ({ first, count }) => {
      order.push(`${name} ${first}+${count}`);
      return [];
    },
  });
  programOf([pass("a", [x]), pass("b", [y])], { threads: 1 }).plan(5);
  assert.deepEqual(order, ["a 0+2", "b 0+2", "a 2+2", "b 2+2", "a 4+1", "b 4+1"]);
});

Deno.test("what follows from the weights alone is left out where it has been done, barrier and all", () => {
  const [filter, x] = [{}, tensor()];
  const preparation: PartPass = {
    ...parts([], []),
    writesAll: [filter],
    isPreparation: true,
    run: () => [call("fill", 0, 1)],
  };
  const program = programOf([preparation, { ...images([x], []), readsAll: [filter] }]);
  const kernels = (isPrepared: boolean) =>
    program.plan(1, { isPrepared }).map((stage) => stage.flat().map(({ kernel }) => kernel));
  assert.deepEqual(kernels(false), [["fill", "fill"], ["copy"]]);
  assert.deepEqual(kernels(true), [["copy"]]);
});

Deno.test("an image that is larger than a block is a block", () => {
  const x = tensor(1000 * KIB);
  const [calls] = programOf([images([], [x])], { threads: 1 }).plan(3)[0]!;
  assert.equal(calls!.length, 3);
});

Deno.test("work image by image is one stage, however long", () => {
  const tensors = Array.from({ length: 10 }, () => tensor());
  assert.equal(
    stagesOf(tensors.slice(1).map((to, i) => images([tensors[i]!], [to]))),
    1,
  );
});

const [x, y, sums] = [tensor(), tensor(), {}];
const summing: ImagePass = { ...images([x], []), own: [sums] };
const cases: readonly (readonly [what: string, stages: number, passes: readonly Pass[]])[] = [
  ["all images of a tensor are read after they were written", 2, [images([], [x]), parts([x], [])]],
  ["an image is read after parts of all were written", 2, [parts([], [x]), images([x], [])]],
  ["images are written again after all were read", 2, [parts([x], []), images([], [x])]],
  ["parts are read in parts that others wrote", 2, [parts([], [x]), parts([x], [])]],
  ["sums of all threads are read", 2, [summing, { ...parts([], []), readsAll: [sums] }]],
  ["sums are added to again after all were read", 2, [
    { ...parts([], []), readsAll: [sums] },
    summing,
  ]],
  ["each thread goes on with its own sum", 1, [summing, summing]],
  ["two passes read the same", 1, [parts([x], []), parts([x], []), images([x], [])]],
  ["passes have nothing in common", 1, [images([], [x]), parts([y], []), parts([], [tensor()])]],
  ["the conflict is with a pass before the last", 2, [
    images([], [x]),
    parts([y], []),
    parts([x], []),
  ]],
  ["a conflict has had its barrier already", 2, [
    images([], [x]),
    parts([x], []),
    { ...parts([x], []) },
  ]],
];
for (const [what, stages, passes] of cases) {
  Deno.test(`${stages > 1 ? "a barrier" : "no barrier"} where ${what}`, () => {
    assert.equal(stagesOf(passes), stages);
  });
}

/** The addresses of all calls of a plan, by thread, in order. */
function addresses(plan: Plan): number[][] {
  return plan[0]!.map((_, thread) =>
    plan.flatMap((stage) => stage[thread]!.map(({ args }) => args[0] as number))
  );
}

Deno.test("a tensor that one run alone touches has room for a block, of each thread's own", () => {
  const local = tensor(128 * KIB);
  const plan = programOf([images([], [local]), images([local], [])]).plan(8);
  const [first, second] = addresses(plan).map((all) => new Set(all));
  assert.deepEqual([first!.size, second!.size], [1, 1], "the same place for block after block");
  const [a, b] = [...first!, ...second!];
  assert.ok(b! - a! >= 2 * local.bytesPerImage);
});

Deno.test("a tensor that outlives its run has a place for each image", () => {
  const kept = tensor(128 * KIB);
  const plan = programOf([images([], [kept]), parts([kept], []), images([kept], [])]).plan(8);
  const [first, second] = addresses(plan);
  const starts = [...new Set([...first!, ...second!])].toSorted((a, b) => a - b);
  assert.deepEqual(starts.map((start) => (start - starts[0]!) / kept.bytesPerImage), [0, 2, 4, 6]);
});

Deno.test("a tensor that the caller brings is found by its setting", () => {
  const given = { bytesPerImage: 200 * KIB, setting: "images" };
  const [first, second] = programOf([images([given], [])]).plan(3)[0]!;
  const at = (image: number) => ({ setting: "images", plus: image * given.bytesPerImage });
  assert.deepEqual(first!.map(({ args }) => args[0]), [at(0)]);
  assert.deepEqual(second!.map(({ args }) => args[0]), [at(1), at(2)]);
});

Deno.test("parts begin at multiples of the granularity, leave nothing out, and are shared evenly", () => {
  const extents = fc.integer({ min: 1, max: 300 });
  const threads = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(extents, threads, fc.constantFrom(1, 16), (extent, threads, granularity) => {
      const seen: { from: number; to: number }[] = [];
      const pass: PartPass = {
        ...parts([], [], { extent, granularity }),
        run: ({ from, to }) => {
          seen.push({ from, to });
          return [];
        },
      };
      programOf([pass], { threads }).plan(1);
      let next = 0;
      for (const { from, to } of seen) {
        assert.ok(from === next && to > from && from % granularity === 0);
        next = to;
      }
      assert.equal(next, extent);
      const most = Math.ceil(Math.ceil(extent / granularity) / threads) * granularity;
      assert.ok(seen.every(({ from, to }) => to - from <= most));
    }),
  );
});

Deno.test("what cannot be divided is the last thread's", () => {
  const pass: PartPass = {
    ...parts([], [], { extent: 5, granularity: 16 }),
    run: () => [call("fill", 1, 1)],
  };
  const [stage] = programOf([pass], { threads: 3 }).plan(4);
  assert.deepEqual(stage!.map((calls) => calls.length), [0, 0, 1]);
});

Deno.test("a plan with a pause is what stands before it and what stands behind, with nothing shared by block", () => {
  const [kept, other] = [tensor(), tensor()];
  const passes = [images([], [kept]), images([kept], [other]), images([kept, other], [])];
  const pauses = fc.integer({ min: 0, max: passes.length });
  fc.assert(fc.property(pauses, fc.integer({ min: 1, max: 8 }), (pause, count) => {
    const sizes = { threads: 2, batchSize: 8 };
    const program = new Program(passes, { buffers: new Buffers(), ...sizes, pause });
    const [first, second] = (["first", "second"] as const).map((part) =>
      program.plan(count, { part })
    );
    assert.deepEqual([...first!, ...second!], program.plan(count));
    assert.equal(first!.length, pause === 0 ? 0 : 1);
    assert.equal(second!.length, pause === passes.length ? 0 : 1);
    // The second thread finds what it has left of `kept` at a place of its own images.
    const written = (plan: Plan) => plan.flatMap((stage) => stage[1]!).map(({ args }) => args[0]);
    if (pause === 1) assert.equal(written(first!)[0], written(second!)[0]);
  }));
});
