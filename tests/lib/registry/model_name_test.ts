import assert from "node:assert/strict";
import fc from "fast-check";
import { checkModelName, isModelName, isVersion } from "../../../lib/registry/model_name.ts";

Deno.test("a name is 1–100 of a–z, 0–9, dot, underscore, dash, and begins with neither sign", () => {
  const first = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
  const others = fc.array(fc.constantFrom(...first, ".", "_", "-"), { maxLength: 99 });
  fc.assert(
    fc.property(fc.constantFrom(...first), others, (head, tail) => {
      assert.ok(isModelName(head + tail.join("")));
    }),
  );
  for (const name of ["", ".a", "_a", "-a", "A", "a b", "a/b", "a\n", "ü", "a".repeat(101)]) {
    assert.ok(!isModelName(name), name);
  }
});

Deno.test("a text that is no name never gets past the check", () => {
  fc.assert(
    fc.property(fc.string().filter((name) => !isModelName(name)), (name) => {
      assert.throws(() => checkModelName(name), { name: "UsageError" });
    }),
  );
});

Deno.test("versions are counted from 1, without leading zeros", () => {
  for (const version of ["1", "10", "999"]) assert.ok(isVersion(version), version);
  for (const version of ["", "0", "01", "-1", "1.0", "x", "1\n"]) {
    assert.ok(!isVersion(version), version);
  }
});
