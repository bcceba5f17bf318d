import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { sha256, sha256Sync } from "../../../lib/core/digest.ts";

Deno.test("the digest of the empty and of a known text are the standard's", async () => {
  assert.equal(
    await sha256(new Uint8Array()),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  assert.equal(
    await sha256(new TextEncoder().encode("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("a view is digested over its own range, as another implementation does it", () =>
  fc.assert(fc.asyncProperty(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(20),
    fc.nat(20),
    async (bytes, before, after) => {
      const buffer = new Uint8Array(before + bytes.length + after).fill(7);
      buffer.set(bytes, before);
      const view = buffer.subarray(before, before + bytes.length);
      assert.equal(await sha256(view), createHash("sha256").update(bytes).digest("hex"));
      assert.equal(sha256Sync(view), await sha256(view));
    },
  )));
