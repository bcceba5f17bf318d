/**
 * Keys that sign manifests: Ed25519. A private key is a file in the JSON Web Key form (RFC 8037), with
 * the signer's name beside it; a public key is a word that fits on a line, `ed25519:` and 43 letters.
 *
 * @module
 */

import { sha256Sync } from "../core/digest.ts";
import { UsageError } from "../core/errors.ts";
import { reasonOf } from "../core/reason_of.ts";

/** A public key: `ed25519:`, and its 32 bytes in base64url. */
export type PublicKey = `ed25519:${string}`;

/** A key that signs. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicKey;
  /** Who signs, in their own words; `null` if they did not say. */
  readonly signer: string | null;
}

const prefix = "ed25519:";
const KEY_BYTES = 32;

/**
 * Makes a key.
 *
 * @param signer Who signs with it (`isSignerName`); it is told beside each signature.
 * @throws {UsageError} If that is no name.
 */
export async function createSigningKey(signer: string | null = null): Promise<SigningKey> {
  if (signer !== null && !isSignerName(signer)) {
    throw new UsageError(
      `Cannot make a key: the signer's name must be 1 to 100 characters on one line, got ` +
        JSON.stringify(signer),
    );
  }
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const bytes = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return { privateKey, publicKey: `${prefix}${encodeBase64(bytes)}`, signer };
}

/** The file of a key, which whoever has can sign with it. */
export async function formatSigningKey({ privateKey, signer }: SigningKey): Promise<string> {
  const { kty, crv, x, d } = await crypto.subtle.exportKey("jwk", privateKey);
  return `${JSON.stringify({ kty, crv, x, d, ...signer !== null && { signer } }, null, 2)}\n`;
}

/**
 * Reads a key from its file.
 *
 * @throws {Error} If the file cannot be read, or holds no key.
 */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const text = await Deno.readTextFile(path).catch((cause: Error) => {
    const message =
      `Cannot read the signing key ${path}: ${reasonOf(cause)}; make one: deno task ` +
      "models keygen";
    throw new Error(message, { cause });
  });
  try {
    const { kty, crv, x, d, signer = null } = JSON.parse(text);
    const jwk = { kty, crv, x, d };
    const privateKey = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"]);
    const publicKey = `${prefix}${x}`;
    if (isPublicKey(publicKey) && (signer === null || isSignerName(signer))) {
      return { privateKey, publicKey, signer };
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // What the file holds is not told: it may be another secret.
  }
  throw new Error(
    `Cannot read the signing key ${path}: it must be a private key that deno task models keygen made, ` +
      "and is something else; give the path of such a file",
  );
}

/**
 * The keys that a setting names.
 *
 * @param setting How people name it, for messages: `EDGEDOOR_TRUSTED_KEYS`.
 * @param value Public keys, separated by commas; or the path of a file with one on each line, in which
 * what stands behind `#` is passed over.
 * @throws {UsageError} If there is no key, or something else: nothing is trusted by mistake.
 * @throws {Error} If the file cannot be read.
 */
export async function readTrustedKeys(
  value: string,
  setting: string,
): Promise<readonly PublicKey[]> {
  const isPath = !value.trimStart().startsWith(prefix) && value.trim() !== "";
  const text = isPath
    ? await Deno.readTextFile(value).catch((cause: Error) => {
      const message = `Cannot read the trusted keys: ${setting} must be public keys ` +
        `(${prefix}…) or the path of a file with them, got "${value}": ${reasonOf(cause)}`;
      throw new Error(message, { cause });
    })
    : value;
  const keys = text.split("\n").flatMap((line) => line.replace(/#.*/, "").split(","))
    .map((key) => key.trim()).filter((key) => key !== "");
  const good = keys.filter(isPublicKey);
  if (keys.length > 0 && good.length === keys.length) return good;
  const wrong = keys.find((key) => !isPublicKey(key));
  const got = wrong === undefined ? "none" : JSON.stringify(wrong.slice(0, 80));
  throw new UsageError(
    `Cannot use the trusted keys: ${setting} must have public keys, ${prefix} and 43 letters each, ` +
      `got ${got}${isPath ? ` in ${value}` : ""}; unset it to trust everything`,
  );
}

/** The short name of a key: the first 16 hexadecimal digits of its SHA-256. */
export function keyId(key: PublicKey): string {
  return sha256Sync(bytesOf(key) ?? new Uint8Array()).slice(0, 16);
}

/** A public key for WebCrypto. */
export async function importPublicKey(key: PublicKey): Promise<CryptoKey> {
  const bytes = bytesOf(key) ?? new Uint8Array();
  return await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
}

/** Whether something is a public key in words. */
export function isPublicKey(value: unknown): value is PublicKey {
  return typeof value === "string" && bytesOf(value)?.length === KEY_BYTES;
}

/** Whether something can be shown as a name: nothing in it changes how the text around it looks. */
export function isSignerName(value: unknown): value is string {
  return typeof value === "string" && /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,100}$/u.test(value);
}

/** Bytes as base64url without padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The inverse of `encodeBase64`; `null` for any other spelling, so that bytes have one. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    return encodeBase64(bytes) === text ? bytes : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> | null {
  return key.startsWith(prefix) ? decodeBase64(key.slice(prefix.length)) : null;
}
