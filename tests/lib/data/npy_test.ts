import assert from "node:assert/strict";
import { toNpy } from "../../../lib/data/npy.ts";

/** Reads what NumPy's documentation says of a file of version 1.0. */
function parts(file: Uint8Array) {
  const length = new DataView(file.buffer).getUint16(8, true);
  return {
    magic: file.subarray(0, 8),
    header: new TextDecoder().decode(file.subarray(10, 10 + length)),
    values: file.slice(10 + length),
  };
}

Deno.test("float32 values stand behind a padded header with their shape", () => {
  const data = Float32Array.of(0, 1, 2, 3, 4, 5, 6).subarray(1);
  const { magic, header, values } = parts(toNpy(data, [1, 2, 3, 1]));
  assert.deepEqual([...magic], [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  assert.match(
    header,
    /^{'descr': '<f4', 'fortran_order': False, 'shape': \(1,2,3,1,\), } *\n$/,
  );
  assert.equal((10 + header.length) % 64, 0);
  assert.deepEqual(new Float32Array(values.buffer), Float32Array.of(1, 2, 3, 4, 5, 6));
});

Deno.test("flags are booleans where they are said to be, and indices have four bytes", () => {
  const flags = parts(toNpy(Uint8Array.of(0, 1, 1), [3], "bool"));
  assert.match(flags.header, /'\|b1'.*\(3,\)/);
  assert.deepEqual([...flags.values], [0, 1, 1]);
  const indices = parts(toNpy(Uint32Array.of(1, 70_000), [2]));
  assert.match(indices.header, /'<u4'.*\(2,\)/);
  assert.deepEqual(new Uint32Array(indices.values.buffer), Uint32Array.of(1, 70_000));
});

Deno.test("bytes are bytes", () => {
  const { header, values } = parts(toNpy(Uint8Array.of(7, 8), [2]));
  assert.match(header, /'\|u1'.*\(2,\)/);
  assert.deepEqual([...values], [7, 8]);
});
