import assert from "node:assert/strict";
import canonicalize from "canonicalize";
import type { ModelManifest } from "../../../lib/registry/manifest.ts";
import { checkSignature, signManifest, verifySignature } from "../../../lib/registry/signature.ts";
import { createSigningKey, keyId } from "../../../lib/registry/signing_key.ts";
import { describeTiny, describeTraining, tinyAttack } from "./tiny_model.ts";

const key = await createSigningKey("Ada");
const stranger = await createSigningKey();

const manifest: ModelManifest = {
  format: 1,
  name: "squares",
  version: "3",
  ...describeTiny({ attack: tinyAttack, training: describeTraining({ seconds: 1.5e-7 }) }),
  weights: { sha256: "a".repeat(64), bytes: 12, chunks: 1 },
  createdAt: "2026-01-02T03:04:05.000Z",
};
const signed = await signManifest(manifest, key);
const signature = signed.signature!;

Deno.test("canonical JSON is RFC 8785's", () => {
  // Section 3.2.2, and what section 3.2.3 makes of it.
  const sample = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  assert.equal(
    canonicalize(sample),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
      String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
  const names = { "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, "ö": 7 };
  const order = Object.keys(JSON.parse(canonicalize(names)!));
  // JSON.parse moves the index to the front; it is second in the text.
  assert.deepEqual(order.filter((name) => name !== "1"), [
    "\r",
    "\u0080",
    "ö",
    "€",
    "😀",
    "\ufb33",
  ]);
});

Deno.test("a signed manifest is what it was, with who signed it", async () => {
  const { signature: _, ...rest } = signed;
  assert.deepEqual(rest, manifest);
  assert.deepEqual({ ...signature, value: "" }, {
    algorithm: "Ed25519",
    key: key.publicKey,
    signer: "Ada",
    value: "",
  });
  const found = { key: keyId(key.publicKey), signer: "Ada", valid: true };
  assert.deepEqual(await checkSignature(signed), { ...found, trusted: false });
  assert.deepEqual(await checkSignature(signed, [stranger.publicKey, key.publicKey]), {
    ...found,
    trusted: true,
  });
  assert.deepEqual(await checkSignature(signed, [stranger.publicKey]), {
    ...found,
    trusted: false,
  });
  assert.equal(await checkSignature(manifest, [key.publicKey]), null);
});

Deno.test("a signature holds for the manifest as it is read again, in any order of its fields", async () => {
  const read = JSON.parse(JSON.stringify(signed));
  assert.equal((await checkSignature(read))?.valid, true);
  const turned = Object.fromEntries(Object.entries(read).reverse()) as unknown as ModelManifest;
  assert.equal((await checkSignature(turned))?.valid, true);
  // What a source adds is no part of it.
  assert.equal((await checkSignature({ ...signed, source: "kv", provenance: null }))?.valid, true);
  const odd = await signManifest(
    { ...manifest, training: describeTraining({ seconds: NaN, depth: undefined! }) },
    key,
  );
  assert.equal((await checkSignature(JSON.parse(JSON.stringify(odd))))?.valid, true);
});

Deno.test("a manifest that was signed before is signed anew", async () => {
  const again = await signManifest(signed, stranger);
  assert.deepEqual(Object.keys(again.signature!), ["algorithm", "key", "value"]);
  assert.deepEqual(await checkSignature(again), {
    key: keyId(stranger.publicKey),
    signer: null,
    valid: true,
    trusted: false,
  });
});

const changes: Readonly<Record<string, object>> = {
  "another name": { name: "circles" },
  "another version": { version: "4" },
  "other weights": { weights: { ...manifest.weights, sha256: "b".repeat(64) } },
  "another attack": { attack: describeTiny().attack },
  "better figures": { metrics: { ...manifest.metrics, cleanAccuracy: 0.76 } },
  "another date": { createdAt: "2026-01-02T03:04:06.000Z" },
  "a field more": { comment: "checked" },
  "another signer's name": { signature: { ...signature, signer: "Grace" } },
  "no signer's name": { signature: { ...signature, signer: undefined } },
  "another key": { signature: { ...signature, key: stranger.publicKey } },
  "another signature": {
    signature: { ...signature, value: (await signManifest(manifest, stranger)).signature!.value },
  },
};

for (const [what, change] of Object.entries(changes)) {
  Deno.test(`with ${what} a signature is false`, async () => {
    const changed = { ...signed, ...change };
    const check = await checkSignature(changed, [key.publicKey]);
    assert.deepEqual([check?.valid, check?.trusted], [false, false]);
    for (const trusted of [undefined, [key.publicKey]]) {
      const { problem } = await verifySignature(changed, trusted);
      assert.match(problem ?? "", /: its signature with the key .* is false: .*; if the model is/);
    }
  });
}

const malformed: readonly unknown[] = [
  null,
  "signed",
  7,
  [],
  {},
  { ...signature, algorithm: "RSA" },
  { ...signature, key: "ed25519:AAAA" },
  { ...signature, key: `rsa:${"A".repeat(43)}` },
  { ...signature, key: [key.publicKey] },
  { ...signature, signer: "" },
  { ...signature, signer: "a\nb" },
  { ...signature, signer: "\u202eadA" },
  { ...signature, signer: "a".repeat(101) },
  { ...signature, signer: 7 },
  { ...signature, value: "" },
  { ...signature, value: signature.value.slice(1) },
  { ...signature, value: `${signature.value}==` },
  { ...signature, value: "!".repeat(86) },
  { ...signature, value: null },
];

Deno.test("a signature that is none is false, and says nothing of a signer", async () => {
  for (const each of malformed) {
    const changed = { ...signed, signature: each as typeof signature };
    const nothing = { key: null, signer: null, valid: false, trusted: false };
    assert.deepEqual(await checkSignature(changed, [key.publicKey]), nothing, JSON.stringify(each));
    const { problem } = await verifySignature(changed);
    assert.match(problem ?? "", /must name the algorithm Ed25519, a public key and 64 bytes/);
  }
});

Deno.test("text that is no Unicode is signed by nobody", async () => {
  await assert.rejects(signManifest({ ...manifest, architecture: "\ud800" }, key));
  const check = await checkSignature({ ...signed, architecture: "\ud800" });
  assert.equal(check?.valid, false);
});

Deno.test("where keys are trusted, a manifest must be signed with one of them", async () => {
  const trusted = [stranger.publicKey];
  const [unsigned, other] = [
    await verifySignature(manifest, trusted),
    await verifySignature(signed, trusted),
  ];
  const known = keyId(stranger.publicKey);
  assert.match(
    unsigned.problem ?? "",
    new RegExp(
      `^Cannot trust model "squares" version 3: it must be signed with one of the trusted keys ` +
        `\\(${known}\\), and is not signed; .*deno task models sign squares@3 --key FILE$`,
    ),
  );
  assert.match(
    other.problem ?? "",
    new RegExp(`trusted keys \\(${known}\\), got ${keyId(key.publicKey)} \\("Ada"\\)`),
  );
  assert.equal((await verifySignature(signed, [key.publicKey])).problem, null);
  assert.equal((await verifySignature(manifest)).problem, null);
  assert.equal((await verifySignature(signed)).problem, null);
});
