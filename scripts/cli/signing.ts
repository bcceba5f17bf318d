/**
 * Keys on the command line.
 *
 * @module
 */

import {
  readSigningKey,
  readTrustedKeys,
  type SigningKey,
} from "../../lib/registry/signing_key.ts";

/** The environment's variable with the path of a key; flags stand above it. */
export const SIGNING_KEY = "EDGEDOOR_SIGNING_KEY";

/** The environment's variable with the public keys that are trusted; flags stand above it. */
export const TRUSTED_KEYS = "EDGEDOOR_TRUSTED_KEYS";

/**
 * Reads the key that signs what is saved.
 *
 * @param path As a flag has it; the environment's if left out.
 * @returns `undefined` if neither names one: then nothing is signed.
 * @throws {Error} If it cannot be read.
 */
export async function signingKey(path?: string): Promise<SigningKey | undefined> {
  const named = path ?? (Deno.env.get(SIGNING_KEY) || undefined);
  return named === undefined ? undefined : await readSigningKey(named);
}

/**
 * Reads the public keys that are trusted.
 *
 * @param value As `--trusted` has it; the environment's if left out.
 * @returns `undefined` if neither names any.
 * @throws {UsageError} If there is none among them, or something else.
 */
export async function trustedKeys(value?: string) {
  if (value !== undefined) return await readTrustedKeys(value, "--trusted");
  const fromEnvironment = Deno.env.get(TRUSTED_KEYS);
  return fromEnvironment === undefined
    ? undefined
    : await readTrustedKeys(fromEnvironment, TRUSTED_KEYS);
}
