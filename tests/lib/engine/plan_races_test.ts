/** Plans of random programs: whether threads get in each other's way between two barriers. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { Buffers } from "../../../lib/engine/buffers.ts";
import {
  type Argument,
  type Call,
  call,
  offset,
  type Pass,
  type Plan,
  Program,
  type Tensor,
} from "../../../lib/engine/plan.ts";

/** Calls say what they touch: `fill` what they write, `copy` what they read. */
function write(at: Argument, bytes: number): Call {
  return call("fill", at, bytes);
}

function read(at: Argument, bytes: number): Call {
  return call("copy", at, 0, bytes);
}

interface Touch {
  readonly from: number;
  readonly to: number;
  readonly writes: boolean;
}

function touchOf({ kernel, args }: Call): Touch {
  const [from, second, third] = args as number[];
  const bytes = kernel === "fill" ? second! : third!;
  return { from: from!, to: from! + bytes, writes: kernel === "fill" };
}

/** Whether a thread touches, in some stage, what another one writes in it. */
function hasRace(plan: Plan): boolean {
  return plan.some((stage) => {
    const threads = stage.map((calls) => calls.map(touchOf));
    return threads.some((touches, thread) =>
      threads.slice(thread + 1).some((others) =>
        touches.some((a) =>
          others.some((b) => (a.writes || b.writes) && a.from < b.to && b.from < a.to)
        )
      )
    );
  });
}

/** What a random program works on. */
interface Things {
  readonly threads: number;
  readonly tensors: readonly Tensor[];
  /** Memory that threads write in parts and read whole. */
  readonly shared: readonly { readonly at: number; readonly bytes: number }[];
  /** Memory of which each thread writes its own piece, and all read all of it. */
  readonly sums: readonly { readonly at: number; readonly pitch: number }[];
}

const THINGS = 4;

function createThings(buffers: Buffers, threads: number): Things {
  const each = <T>(make: (i: number) => T) => Array.from({ length: THINGS }, (_, i) => make(i));
  return {
    threads,
    tensors: each((i) => ({ bytesPerImage: 4 * (i + 1) })),
    shared: each(() => ({ at: buffers.allocate(64), bytes: 64 })),
    sums: each(() => ({ at: buffers.allocate(16 * threads), pitch: 16 })),
  };
}

/** Which of the things a pass reads, and which one it writes. */
interface Uses {
  readonly reads: readonly number[];
  readonly writes: number;
}

/** Passes of the kinds that operations are made of. */
const kinds: Readonly<Record<string, (uses: Uses, things: Things) => Pass>> = {
  images({ reads, writes }, { tensors }) {
    const [sources, to] = [reads.map((i) => tensors[i]!), tensors[writes]!];
    return {
      kind: "images",
      reads: sources,
      writes: [to],
      run: ({ at, count }) => [
        ...sources.map((source) => read(at(source), count * source.bytesPerImage)),
        write(at(to), count * to.bytesPerImage),
      ],
    };
  },
  sumsOverImages({ reads, writes }, { tensors, sums }) {
    const [sources, { at: sum, pitch }] = [reads.map((i) => tensors[i]!), sums[writes]!];
    return {
      kind: "images",
      reads: sources,
      own: [sums[writes]!],
      before: (thread) => [write(sum + thread * pitch, pitch)],
      run: ({ at, count, thread }) => [
        ...sources.map((source) => read(at(source), count * source.bytesPerImage)),
        write(sum + thread * pitch, pitch),
      ],
    };
  },
  /** As a dense layer: whole tensors in, some values of each image out. */
  partsOfImages({ reads, writes }, { tensors }) {
    const [sources, target] = [reads.map((i) => tensors[i]!), tensors[writes]!];
    const { bytesPerImage } = target;
    return {
      kind: "parts",
      extent: bytesPerImage,
      granularity: 4,
      reads: sources,
      writes: [target],
      run: ({ at, from, to, images }) => [
        ...sources.map((source) => read(at(source), images * source.bytesPerImage)),
        ...Array.from(
          { length: images },
          (_, image) => write(offset(at(target), image * bytesPerImage + from), to - from),
        ),
      ],
    };
  },
  /** As an optimizer: all threads' sums in, some of the weights out. */
  partsOfMemory({ reads, writes }, { shared, sums, threads }) {
    const [sources, target] = [reads.map((i) => shared[i]!), shared[writes]!];
    const summed = reads.map((i) => sums[i]!);
    return {
      kind: "parts",
      extent: target.bytes,
      granularity: 16,
      readsAll: [...sources, ...summed],
      writesAll: [target],
      run: ({ from, to }) => [
        ...sources.map(({ at, bytes }) => read(at, bytes)),
        ...summed.map(({ at, pitch }) => read(at, pitch * threads)),
        write(target.at + from, to - from),
      ],
    };
  },
  /** As a convolution: memory that all share in, each its own images out. */
  imagesByMemory({ reads, writes }, { tensors, shared }) {
    const [sources, to] = [reads.map((i) => shared[i]!), tensors[writes]!];
    return {
      kind: "images",
      writes: [to],
      readsAll: sources,
      run: ({ at, count }) => [
        ...sources.map(({ at, bytes }) => read(at, bytes)),
        write(at(to), count * to.bytesPerImage),
      ],
    };
  },
};

const index = fc.integer({ min: 0, max: THINGS - 1 });
const step = fc.record({
  kind: fc.constantFrom(...Object.keys(kinds)),
  reads: fc.array(index, { maxLength: 2 }),
  writes: index,
});
const programs = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  threads: fc.integer({ min: 1, max: 4 }),
  images: fc.integer({ min: 1, max: 8 }),
});

Deno.test("in no stage of any program does a thread touch what another one writes", () => {
  fc.assert(
    fc.property(programs, ({ steps, threads, images }) => {
      const buffers = new Buffers();
      const things = createThings(buffers, threads);
      const passes = steps.map(({ kind, reads, writes }) =>
        // No pass reads across threads what it writes itself.
        kinds[kind]!({ reads: reads.filter((i) => i !== writes), writes }, things)
      );
      const plan = new Program(passes, { buffers, threads, batchSize: 8 }).plan(images);
      assert.equal(hasRace(plan), false);
    }),
    { numRuns: 500 },
  );
});

Deno.test("races are seen where there are some", () => {
  const plan = (a: Call, b: Call): Plan => [[[a], [b]]];
  assert.equal(hasRace(plan(write(64, 8), read(68, 8))), true);
  assert.equal(hasRace(plan(write(64, 8), write(71, 1))), true);
  assert.equal(hasRace(plan(write(64, 8), read(72, 8))), false);
  assert.equal(hasRace(plan(read(64, 8), read(64, 8))), false);
});
