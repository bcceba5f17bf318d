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

Deno.test("bytes are bytes", () => {
  const { header, values } = parts(toNpy(Uint8Array.of(7, 8), [2]));
  assert.match(header, /'\|u1'.*\(2,\)/);
  assert.deepEqual([...values], [7, 8]);
});
