import assert from "node:assert/strict";
import fc from "fast-check";
import { Buffers } from "../../../lib/engine/buffers.ts";

Deno.test("every place is on a line of the cache, is all zeros, and overlaps no other", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 30 }), (sizes) => {
      const buffers = new Buffers();
      let end = 1;
      for (const size of sizes) {
        const at = buffers.allocate(size);
        assert.equal(at % 64, 0);
        assert.ok(at >= end, "address 0 is nobody's");
        const bytes = buffers.bytes(at, size);
        assert.ok(bytes.every((value) => value === 0));
        bytes.fill(255);
        end = at + size;
      }
    }),
  );
});

Deno.test("places of a power of two's size lie on different sets of the cache", () => {
  const buffers = new Buffers();
  const sets = Array.from({ length: 8 }, () => buffers.allocate(4096) % 4096);
  assert.equal(new Set(sets).size, 8);
});

Deno.test("views that were taken before the memory grew see what is written after", () => {
  const buffers = new Buffers();
  const at = buffers.allocate(8);
  const before = buffers.floats(at, 2);
  buffers.allocate(10_000_000);
  buffers.floats(at, 2).set([1, 2]);
  assert.deepEqual([...before], [1, 2]);
});

Deno.test("places may lie above 2 GiB; what does not fit into 4 GiB is refused, and takes nothing", () => {
  const buffers = new Buffers();
  buffers.allocate(2 ** 31);
  const high = buffers.allocate(4);
  assert.ok(high > 2 ** 31);
  buffers.floats(high, 1)[0] = 7;
  assert.throws(() => buffers.allocate(2 ** 31), {
    name: "RangeError",
    message:
      /^Cannot compile the model: its buffers must fit into 4 GiB, got \d+ bytes and more; use/,
  });
  assert.ok(buffers.allocate(1000) > high);
  assert.equal(buffers.floats(high, 1)[0], 7);
});

Deno.test("a struct is its fields, 32-bit integers, in their order", () => {
  const buffers = new Buffers();
  const at = buffers.struct([5, -1, 2 ** 31 - 1]);
  const view = new DataView(buffers.memory.buffer);
  assert.deepEqual([0, 4, 8].map((i) => view.getInt32(at + i, true)), [5, -1, 2 ** 31 - 1]);
});
