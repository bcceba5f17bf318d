import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsTensor,
} from "../../../lib/registry/safetensors.ts";

/** A file of a header, as text, and data. */
function fileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

function entry(dtype: string, shape: unknown, offsets: unknown): string {
  return JSON.stringify({ t: { dtype, shape, data_offsets: offsets } });
}

const shapes = fc.array(fc.nat(4), { maxLength: 3 });
const tensors = shapes.chain((shape): fc.Arbitrary<SafetensorsTensor> => {
  const minLength = shape.reduce((a, b) => a * b, 1);
  const length = { minLength, maxLength: minLength };
  return fc.oneof(
    fc.float32Array(length).map((data) => ({ dtype: "F32" as const, shape, data })),
    fc.float32Array(length).map((data) => ({
      dtype: "F16" as const,
      shape,
      data: new Float16Array(data),
    })),
    fc.int32Array(length).map((data) => ({ dtype: "I32" as const, shape, data })),
    fc.uint8Array(length).map((data) => ({ dtype: "U8" as const, shape, data })),
    fc.uint8Array({ ...length, max: 1 }).map((data) => ({ dtype: "BOOL" as const, shape, data })),
  );
});
const files = fc.dictionary(fc.string().filter((name) => name !== "__metadata__"), tensors);

Deno.test("what is written as safetensors is read back, tensors and metadata", () => {
  fc.assert(
    fc.property(files, fc.dictionary(fc.string(), fc.string()), (named, metadata) => {
      const written = new Map(Object.entries(named));
      const read = decodeSafetensors(encodeSafetensors(written, metadata));
      assert.deepEqual(Object.fromEntries(read.tensors), Object.fromEntries(written));
      assert.deepEqual(
        Object.fromEntries(Object.entries(read.metadata)),
        Object.fromEntries(Object.entries(metadata)),
      );
    }),
  );
});

Deno.test("the layout is the format's: padded header, contiguous data, wide types first", () => {
  const file = encodeSafetensors(
    new Map<string, SafetensorsTensor>([
      ["flags", { dtype: "BOOL", shape: [3], data: new Uint8Array([1, 0, 1]) }],
      ["bias", { dtype: "F32", shape: [1], data: new Float32Array([1]) }],
    ]),
  );
  const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));
  assert.equal(headerLength % 8, 0);
  const text = new TextDecoder().decode(file.subarray(8, 8 + headerLength));
  assert.deepEqual(JSON.parse(text), {
    bias: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
    flags: { dtype: "BOOL", shape: [3], data_offsets: [4, 7] },
  });
  assert.match(text, /^\{.*\} *$/);
  assert.deepEqual([...file.subarray(8 + headerLength)], [0, 0, 0x80, 0x3f, 1, 0, 1]);
});

Deno.test("views are written and read over their own range", () => {
  const whole = new Float32Array([9, 1, 2, 9]);
  const data = whole.subarray(1, 3);
  const file = encodeSafetensors(new Map([["t", { dtype: "F32", shape: [2], data }]]));
  const padded = new Uint8Array(file.length + 5);
  padded.set(file, 3);
  const read = decodeSafetensors(padded.subarray(3, 3 + file.length)).tensors.get("t");
  assert.deepEqual(read?.data, new Float32Array([1, 2]));
});

Deno.test("tensors that contradict themselves are not written", () => {
  const data = new Float32Array(2);
  const encode = (name: string, tensor: SafetensorsTensor) => () =>
    encodeSafetensors(new Map([[name, tensor]]));
  assert.throws(encode("t", { dtype: "I32", shape: [2], data }), /dtype I32, got Float32Array/);
  assert.throws(encode("t", { dtype: "F32", shape: [3], data }), /must have 3 values, got 2/);
  assert.throws(encode("__metadata__", { dtype: "F32", shape: [2], data }), /may be named/);
});

const four = new Uint8Array(4);
const broken: Record<string, [Uint8Array, RegExp]> = {
  "a file shorter than its length field": [new Uint8Array(7), /at least 8 bytes, got 7/],
  "a header that reaches beyond the end": [fileOf("{}").subarray(0, 9), /header must be at most 1/],
  "a header that is no JSON": [fileOf("{"), /header must be JSON/],
  "a header that is no UTF-8": [fileOf("{}").with(8, 0xff), /header must be JSON/],
  "a header that is a list": [fileOf("[]"), /must be a JSON object/],
  "metadata that is no object": [fileOf('{"__metadata__":[]}'), /must be a JSON object/],
  "metadata that is no string": [fileOf('{"__metadata__":{"a":1}}'), /strings only, got number/],
  "an entry that is no object": [fileOf('{"t":3}'), /entry "t" must be/],
  "a dtype it does not know": [fileOf(entry("F8", [], [0, 1])), /dtype of "t".*got F8/],
  "a dtype of Object's": [fileOf(entry("toString", [], [0, 1])), /dtype of "t"/],
  "a negative size": [fileOf(entry("F32", [-1], [0, 4])), /shape of "t"/],
  "a fractional size": [fileOf(entry("F32", [0.5], [0, 2])), /shape of "t"/],
  "one offset": [fileOf(entry("F32", [1], [0])), /two byte offsets/],
  "offsets that the shape contradicts": [fileOf(entry("F32", [2], [0, 4]), four), /must have 8/],
  "offsets that run backwards": [fileOf(entry("F32", [1], [4, 0]), four), /must have 4 .* got -4/],
  "offsets beyond the data": [fileOf(entry("F32", [2], [0, 8]), four), /end within 4 bytes/],
  "a gap before a tensor": [fileOf(entry("U8", [2], [2, 4]), four), /leaves a gap/],
  "bytes after the last tensor": [fileOf(entry("U8", [2], [0, 2]), four), /must fill its 4/],
  "tensors that overlap": [
    fileOf(
      JSON.stringify({
        a: { dtype: "U8", shape: [3], data_offsets: [0, 3] },
        b: { dtype: "U8", shape: [2], data_offsets: [2, 4] },
      }),
      four,
    ),
    /"b" overlaps.*start at byte 3, got 2/,
  ],
};
for (const [what, [file, message]] of Object.entries(broken)) {
  Deno.test(`${what} is refused`, () => {
    assert.throws(() => decodeSafetensors(file), { name: "SyntaxError", message });
  });
}

Deno.test("a header longer than the format's limit is refused before it is read", () => {
  const file = new Uint8Array(100_000_100);
  new DataView(file.buffer).setBigUint64(0, 100_000_001n, true);
  assert.throws(() => decodeSafetensors(file), /at most 100000000 bytes long, got 100000001/);
});

Deno.test("a file whose bytes are changed at random is read or refused, never anything else", () => {
  const data = new Float32Array([1, 2, 3]);
  const file = encodeSafetensors(new Map([["t", { dtype: "F32", shape: [3], data }]]), { a: "b" });
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), (place, byte) => {
      try {
        assert.ok(decodeSafetensors(file.with(place, byte)).tensors.size <= 1);
      } catch (error) {
        assert.ok(error instanceof SyntaxError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
