import assert from "node:assert/strict";
import {
  createSigningKey,
  decodeBase64,
  encodeBase64,
  formatSigningKey,
  isPublicKey,
  keyId,
  readSigningKey,
  readTrustedKeys,
} from "../../../lib/registry/signing_key.ts";
import { signManifest } from "../../../lib/registry/signature.ts";
import type { ModelManifest } from "../../../lib/registry/manifest.ts";
import { describeTiny } from "./tiny_model.ts";

/** Runs a test with the path of a file that has this text. */
async function withFile(text: string, test: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    await test(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a key's file gives the key again, with its signer", async () => {
  for (const signer of ["Ada Lovelace <ada@example.org>", null]) {
    const key = await createSigningKey(signer);
    assert.ok(isPublicKey(key.publicKey));
    assert.match(keyId(key.publicKey), /^[0-9a-f]{16}$/);
    await withFile(await formatSigningKey(key), async (path) => {
      const { privateKey, ...read } = await readSigningKey(path);
      assert.deepEqual(read, { publicKey: key.publicKey, signer });
      assert.deepEqual([privateKey.type, privateKey.extractable], ["private", false]);
    });
  }
});

Deno.test("a name that would change how the text around it looks is none", async () => {
  for (const name of ["", "a\tb", "a\x1b[31m", "\u2066a", "a".repeat(101)]) {
    await assert.rejects(createSigningKey(name), { name: "UsageError", message: /one line, got/ });
  }
});

Deno.test("what is no key is refused, and not repeated in the message", async () => {
  const { d, ...publicHalf } = JSON.parse(await formatSigningKey(await createSigningKey("Ada")));
  const wrong = [
    "",
    "secret",
    "null",
    "[]",
    JSON.stringify(publicHalf),
    JSON.stringify({ ...publicHalf, d: "secret" }),
    JSON.stringify({ ...publicHalf, d, x: undefined }),
    JSON.stringify({ ...publicHalf, d, kty: "RSA" }),
    JSON.stringify({ ...publicHalf, d, signer: "a\nb" }),
  ];
  for (const text of wrong) {
    await withFile(text, (path) =>
      assert.rejects(readSigningKey(path), (error: Error) => {
        assert.match(error.message, /^Cannot read the signing key .* models keygen made/);
        assert.ok(!error.message.includes("secret"));
        return true;
      }));
  }
  await assert.rejects(
    readSigningKey("/no/such/key"),
    /there is no such file; make one: deno task/,
  );
});

Deno.test("a key of two halves that do not belong together signs nothing", async () => {
  const [one, two] = [await createSigningKey(), await createSigningKey()];
  const mixed = JSON.parse(await formatSigningKey(one));
  mixed.x = two.publicKey.replace("ed25519:", "");
  const manifest: ModelManifest = {
    format: 1,
    name: "tiny",
    version: "1",
    ...describeTiny(),
    weights: { sha256: "0".repeat(64), bytes: 0, chunks: 0 },
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  await withFile(JSON.stringify(mixed), (path) =>
    // Some versions of Deno look at once.
    assert.rejects(async () => await signManifest(manifest, await readSigningKey(path)), /key/));
});

Deno.test("trusted keys are given one by one, or in a file", async () => {
  const keys = [(await createSigningKey()).publicKey, (await createSigningKey()).publicKey];
  const setting = "EDGEDOOR_TRUSTED_KEYS";
  assert.deepEqual(await readTrustedKeys(keys.join(","), setting), keys);
  assert.deepEqual(await readTrustedKeys(` ${keys[0]} , ${keys[1]},`, setting), keys);
  const file = `# ours\n${keys[0]} # Ada, since 2026\n\n  ${keys[1]}\r\n`;
  await withFile(file, async (path) => {
    assert.deepEqual(await readTrustedKeys(path, setting), keys);
  });
});

Deno.test("a setting that names no key trusts nobody by mistake", async () => {
  const { publicKey } = await createSigningKey();
  const wrong = ["", " ", `${publicKey},x`, publicKey.slice(0, -1), `${publicKey}A`];
  for (const value of wrong) {
    await assert.rejects(readTrustedKeys(value, "KEYS"), {
      name: "UsageError",
      message: /^Cannot use the trusted keys: KEYS must have public keys, .*; unset it to trust/,
    }, value);
  }
  for (const text of ["", "# none\n", "key\n", `${publicKey} ${publicKey}`]) {
    await withFile(text, (path) =>
      assert.rejects(readTrustedKeys(path, "KEYS"), {
        name: "UsageError",
        message: new RegExp(`got .* in ${path}; unset`),
      }));
  }
  await assert.rejects(
    readTrustedKeys("/no/such/file", "KEYS"),
    /KEYS must be public keys.*no such/,
  );
});

Deno.test("bytes have one spelling", () => {
  assert.equal(encodeBase64(Uint8Array.of(251, 255)), "-_8");
  assert.deepEqual(decodeBase64("-_8"), Uint8Array.of(251, 255));
  for (const text of ["-_9", "+/8", "-_8=", " -_8", "-_8\n", "é", "-"]) {
    assert.equal(decodeBase64(text), null, text);
  }
});
