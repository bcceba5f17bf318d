import assert from "node:assert/strict";
import fc from "fast-check";
import { IntegrityError } from "../../../lib/core/errors.ts";
import { readIdx, toIdx } from "../../../lib/data/idx.ts";

const name = "/data/some-idx3-ubyte";

/** Asserts that the bytes are refused with a message that names the file and has these parts. */
function assertRefused(bytes: number[], ...parts: string[]) {
  assert.throws(() => readIdx(Uint8Array.from(bytes), { name }), (error) => {
    assert(error instanceof IntegrityError);
    for (const part of [`Cannot read ${name}: at byte`, ...parts]) {
      assert(error.message.includes(part), `${JSON.stringify(part)} not in: ${error.message}`);
    }
    return true;
  });
}

Deno.test("an IDX array reads back with its shape and elements", () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
  const arrays = shapes.chain((shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return fc.record({
      shape: fc.constant(shape),
      data: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });
  fc.assert(fc.property(arrays, ({ shape, data }) => {
    const array = readIdx(toIdx(data, shape), { name });
    assert.equal(array.type, "uint8");
    assert.deepEqual(array.shape, shape);
    assert.deepEqual([...array.data], [...data]);
  }));
});

Deno.test("bytes are read where a view begins, not where its buffer does", () => {
  const stored = new Uint8Array(30).fill(99);
  stored.set(toIdx([7, 3], [2]), 5);
  assert.deepEqual([...readIdx(stored.subarray(5, 15), { name }).data], [7, 3]);
});

Deno.test("every prefix of an IDX file is refused", () => {
  const whole = toIdx([1, 2, 3, 4], [2, 2]);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => readIdx(whole.subarray(0, length), { name }), IntegrityError);
  }
});

Deno.test("a wrong magic number is refused, with what stands there", () => {
  assertRefused(
    [0x50, 0x4b, 3, 4, 0, 0, 0, 1, 0],
    "at byte 0, an IDX file must begin with two zero bytes, got 0x50 0x4b",
  );
});

Deno.test("other element types are refused by name", () => {
  assertRefused([0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0], "at byte 2", "got 0x0d (32-bit float)");
  assertRefused([0, 0, 0x0a, 1, 0, 0, 0, 1, 0], "at byte 2", "got 0x0a (no IDX type)");
});

Deno.test("missing and empty dimensions are refused", () => {
  assertRefused([0, 0, 8, 0, 1], "at byte 3, the number of dimensions must be at least 1, got 0");
  assertRefused(
    [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0],
    "at byte 8, dimension 1 must be at least 1, got 0",
  );
});

Deno.test("a truncated header is refused at the byte where it ends", () => {
  assertRefused([0, 0, 8], "at byte 3, the header must be at least 4 bytes long, got 3 bytes");
  assertRefused(
    [0, 0, 8, 2, 0, 0, 0, 1],
    "at byte 8, the header of 2 dimensions must be 12 bytes long, got 8 bytes",
  );
});

Deno.test("a file that is too short or too long is refused, with what its shape asks for", () => {
  const header = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3];
  const must = "at byte 12, 6 elements (2 × 3) must follow the header";
  assertRefused([...header, 1, 2, 3, 4, 5], `${must}, got 5`);
  assertRefused([...header, 1, 2, 3, 4, 5, 6, 7], `${must}, got 7`);
});

Deno.test("dimensions whose product no memory holds are refused", () => {
  const header = [0, 0, 8, 3, ...Array<number>(12).fill(0xff)];
  assertRefused([...header, 1], "elements (4294967295 × 4294967295 × 4294967295)", "got 1");
});
