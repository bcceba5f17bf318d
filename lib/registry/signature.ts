/**
 * Signatures of manifests: Ed25519 by WebCrypto, over the manifest as canonical JSON (RFC 8785), of
 * whose `signature` all but `value` is there. A manifest names the digest of its weights, so that a
 * signature covers name, version, attack and figures, and each byte of the model.
 *
 * A signature proves who vouches for a model. It does not prove that the model has no backdoor: who
 * trains a backdoored model can sign it as well.
 *
 * @module
 */

import canonicalize from "canonicalize";
import type { ManifestSignature, ModelManifest } from "./manifest.ts";
import {
  decodeBase64,
  encodeBase64,
  importPublicKey,
  isPublicKey,
  isSignerName,
  keyId,
  type PublicKey,
  type SigningKey,
} from "./signing_key.ts";
import type { ServedManifest, SignatureCheck } from "./source.ts";

/** A manifest, as it is stored or with what its source adds. */
type Signable = ModelManifest & Partial<Pick<ServedManifest, "source" | "provenance">>;

/** One that has a signature. */
type Signed = Signable & { readonly signature: ManifestSignature };

const SIGNATURE_BYTES = 64;

/**
 * Signs a manifest; a signature that it has is replaced.
 *
 * @throws {Error} If the two halves of the key do not belong together.
 *
 * @example
 * ```ts
 * import { checkSignature, signManifest } from "./signature.ts";
 * import { createSigningKey } from "./signing_key.ts";
 * import assert from "node:assert/strict";
 *
 * const key = await createSigningKey("Ada");
 * const signed = await signManifest({
 *   format: 1, name: "tiny", version: "1", createdAt: "2026-01-01T00:00:00Z",
 *   weights: { sha256: "0".repeat(64), bytes: 0, chunks: 0 },
 *   architecture: "tiny", dataset: null, attack: null, training: null, metrics: null,
 *   labels: ["0", "1"], input: [2, 2, 1],
 * }, key);
 * assert.equal((await checkSignature(signed))?.valid, true);
 * assert.equal((await checkSignature({ ...signed, name: "other" }))?.valid, false);
 * ```
 */
export async function signManifest(
  manifest: ModelManifest,
  { privateKey, publicKey, signer }: SigningKey,
): Promise<ModelManifest> {
  const signature: ManifestSignature = {
    algorithm: "Ed25519",
    key: publicKey,
    ...signer !== null && { signer },
    value: "",
  };
  // As it is read again: of what is undefined, or no number, JSON knows nothing.
  const told: Signed = JSON.parse(JSON.stringify({ ...manifest, signature }));
  const bytes = await crypto.subtle.sign("Ed25519", privateKey, signedBytes(told));
  const signed = {
    ...told,
    signature: { ...signature, value: encodeBase64(new Uint8Array(bytes)) },
  };
  if (await isGenuine(signed)) return signed;
  throw new Error(
    `Cannot sign model "${manifest.name}": the signing key's public half must be that of its ` +
      "private half; make a new key: deno task models keygen",
  );
}

/**
 * Looks whether a manifest is as its signature says.
 *
 * @param trusted The keys that are trusted.
 * @returns `null` if it is not signed.
 */
export async function checkSignature(
  manifest: Signable,
  trusted: readonly PublicKey[] = [],
): Promise<SignatureCheck | null> {
  const { signature } = manifest;
  if (signature === undefined) return null;
  if (!isSignature(signature)) return { key: null, signer: null, valid: false, trusted: false };
  const valid = await isGenuine({ ...manifest, signature });
  return {
    key: keyId(signature.key),
    signer: signature.signer ?? null,
    valid,
    trusted: valid && trusted.includes(signature.key),
  };
}

/**
 * Looks at a manifest's signature, and says what is wrong with it.
 *
 * @param trusted If given, a manifest must be signed with one of these keys; if not, it need not be
 * signed, but a false signature is one.
 * @returns With the problem in words; `null` if there is none.
 */
export async function verifySignature(
  manifest: Signable,
  trusted?: readonly PublicKey[],
): Promise<{ provenance: SignatureCheck | null; problem: string | null }> {
  const provenance = await checkSignature(manifest, trusted);
  const fault = faultOf(provenance, trusted);
  const { name, version } = manifest;
  return {
    provenance,
    problem: fault &&
      `Cannot trust model "${name}" version ${version}: ${fault}; if the model is right, sign it: ` +
        `deno task models sign ${name}@${version} --key FILE`,
  };
}

function faultOf(check: SignatureCheck | null, trusted?: readonly PublicKey[]): string | null {
  if (check?.key === null) {
    return "its signature must name the algorithm Ed25519, a public key and 64 bytes, and does not";
  }
  if (check?.valid === false) {
    return `its signature with the key ${
      nameKey(check)
    } is false: the manifest is not the one that ` +
      "was signed";
  }
  if (trusted === undefined || check?.trusted) return null;
  const known = `the trusted keys (${trusted.map(keyId).join(", ")})`;
  return check === null
    ? `it must be signed with one of ${known}, and is not signed`
    : `it must be signed with one of ${known}, got ${nameKey(check)}`;
}

/** A manifest as it is told to others: with what its signature is worth in the place of that. */
export type ToldManifest = Omit<ServedManifest, "signature" | "provenance"> & {
  /** `null` if it is not signed. */
  readonly signature: SignatureCheck | null;
};

/** Tells what a manifest's signature is worth in the place of the signature. */
export function tellManifest({ provenance = null, ...manifest }: ServedManifest): ToldManifest {
  return { ...manifest, signature: provenance };
}

/** A key's id, and whose it says it is. */
function nameKey({ key, signer }: SignatureCheck): string {
  return signer === null ? `${key}` : `${key} (${JSON.stringify(signer)})`;
}

async function isGenuine(manifest: Signed): Promise<boolean> {
  const { key, value } = manifest.signature;
  const bytes = decodeBase64(value);
  if (bytes === null) return false;
  try {
    const publicKey = await importPublicKey(key);
    return await crypto.subtle.verify("Ed25519", publicKey, bytes, signedBytes(manifest));
  } catch (error) {
    // Bytes that are no key, text that is no Unicode: nobody signed that.
    if (error instanceof Error) return false;
    throw error;
  }
}

function signedBytes({ source: _, provenance: __, ...manifest }: Signed): Uint8Array<ArrayBuffer> {
  const { value: ___, ...signature } = manifest.signature;
  return new TextEncoder().encode(canonicalize({ ...manifest, signature }));
}

function isSignature(value: unknown): value is ManifestSignature {
  const fields = value as { readonly [Field in keyof ManifestSignature]?: unknown } | null;
  return fields?.algorithm === "Ed25519" && isPublicKey(fields.key) &&
    (fields.signer === undefined || isSignerName(fields.signer)) &&
    typeof fields.value === "string" && decodeBase64(fields.value)?.length === SIGNATURE_BYTES;
}
