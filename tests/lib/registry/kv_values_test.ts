import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeValue, encodeValue } from "../../../lib/registry/kv_values.ts";

Deno.test("every JSON value comes back as it went in", () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const text = JSON.stringify(value);
    assert.equal(JSON.stringify(decodeValue(encodeValue(JSON.parse(text)))), text);
  }));
});

Deno.test("values are stored as bytes, which every version of Deno reads", () => {
  assert.deepEqual(encodeValue({ a: "é" }), new TextEncoder().encode('{"a":"é"}'));
});

Deno.test("what another program stored as it was is read as it is", () => {
  assert.equal(decodeValue("1"), "1");
  assert.equal(decodeValue(null), null);
  assert.deepEqual(decodeValue({ format: 1 }), { format: 1 });
});

Deno.test("bytes that are no JSON text stay bytes", () => {
  const bytes = Uint8Array.of(0xff, 0x10);
  assert.equal(decodeValue(bytes), bytes);
  const open = new TextEncoder().encode("{");
  assert.equal(decodeValue(open), open);
});
