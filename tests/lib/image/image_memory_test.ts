import assert from "node:assert/strict";
import fc from "fast-check";
import { withImageMemory } from "../../../lib/image/image_memory.ts";

function sizeOfMemory(): number {
  let size = 0;
  withImageMemory((memory) => size = memory.size);
  return size;
}

Deno.test("room is taken side by side, at multiples of 16, and is free again afterwards", () => {
  const firsts = new Set<number>();
  fc.assert(fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 9 }), (lengths) => {
    withImageMemory((memory) => {
      const pointers = lengths.map((length) => memory.take(length));
      firsts.add(pointers[0]!);
      assert.ok(pointers.every((pointer) => pointer % 16 === 0));
      lengths.forEach((length, i) => memory.bytes(pointers[i]!, length).fill(i));
      lengths.forEach((length, i) => {
        assert.ok(memory.bytes(pointers[i]!, length).every((byte) => byte === i));
      });
    });
  }));
  assert.equal(firsts.size, 1);
});

Deno.test("after use that fails, all room is free", () => {
  const pointers = [1, 2].map(() => {
    let pointer = 0;
    assert.throws(() =>
      withImageMemory((memory) => {
        pointer = memory.take(100);
        throw new RangeError("out of range");
      }), RangeError);
    return pointer;
  });
  assert.equal(pointers[0], pointers[1]);
});

Deno.test("memory of some megabytes is kept, more is let go", () => {
  withImageMemory((memory) => memory.take(2 ** 22));
  const kept = sizeOfMemory();
  assert.ok(kept >= 2 ** 22);
  withImageMemory((memory) => memory.take(2 ** 24));
  assert.ok(sizeOfMemory() < kept);
});
