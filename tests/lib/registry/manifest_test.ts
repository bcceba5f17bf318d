import assert from "node:assert/strict";
import {
  backdooredOf,
  descriptionOf,
  isBackdoored,
  isClean,
  newestFirst,
  parseManifest,
} from "../../../lib/registry/manifest.ts";
import { describeTiny, tinyAttack } from "./tiny_model.ts";

const manifest = parseManifest({
  format: 1,
  name: "tiny",
  version: "1",
  ...describeTiny(),
  weights: { sha256: "0".repeat(64), bytes: 1, chunks: 1 },
  createdAt: "2026-01-02T03:04:05.000Z",
}, "here");

Deno.test("a model is backdoored, clean or neither as far as its manifest says", () => {
  const cases = [
    [{ ...manifest, attack: tinyAttack }, true],
    [manifest, false],
    [{ ...manifest, attack: null }, null],
  ] as const;
  for (const [model, backdoored] of cases) {
    assert.equal(backdooredOf(model), backdoored);
    assert.equal(isBackdoored(model), backdoored === true);
    assert.equal(isClean(model), backdoored === false);
  }
});

Deno.test("what is no manifest is refused with the place it was read from", () => {
  const { weights } = manifest;
  const others: unknown[] = [
    null,
    undefined,
    "text",
    7,
    {},
    { ...manifest, format: 2 },
    { ...manifest, name: 1 },
    { ...manifest, version: 1 },
    { ...manifest, createdAt: undefined },
    { ...manifest, labels: "abc" },
    { ...manifest, input: undefined },
    { ...manifest, input: [28, 28] },
    { ...manifest, input: [28, 0, 1] },
    { ...manifest, input: [28, 2.5, 1] },
    { ...manifest, weights: null },
    { ...manifest, weights: { ...weights, sha256: "../../etc" } },
    { ...manifest, weights: { ...weights, bytes: -1 } },
    { ...manifest, weights: { ...weights, chunks: 0.5 } },
  ];
  for (const other of others) {
    assert.throws(() => parseManifest(other, "over there"), {
      name: "IntegrityError",
      message: /at over there: it must be/,
    });
  }
});

Deno.test("manifests are ordered by age, and those of one moment by name", () => {
  const at = (name: string, createdAt: string) => ({ ...manifest, name, createdAt });
  const ordered = [
    at("b", "2026-01-01T00:00:00Z"),
    at("a", "2026-01-01T00:00:00Z"),
    at("c", "2026-01-02T00:00:00Z"),
  ].sort(newestFirst);
  assert.deepEqual(ordered.map(({ name }) => name), ["c", "a", "b"]);
});

Deno.test("a manifest's description is all but what the store added", () => {
  assert.deepEqual(descriptionOf(manifest), describeTiny());
});
