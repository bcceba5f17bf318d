/**
 * `deno task models sign`: vouches for a version that is stored.
 *
 * @module
 */

import { UsageError } from "../../lib/core/errors.ts";
import type { ModelAddress } from "../../lib/registry/model_address.ts";
import { keyId } from "../../lib/registry/signing_key.ts";
import type { ModelStore } from "../../lib/registry/store.ts";
import type { CommandResult } from "../cli/cli.ts";
import { SIGNING_KEY, signingKey } from "../cli/signing.ts";

/**
 * Signs a version, once its weights are found to be whole.
 *
 * @throws {UsageError} If no key is named.
 * @throws {NotFoundError} If there is no such model or version.
 */
export async function sign(
  store: ModelStore,
  { name, version, key: path }: ModelAddress & { readonly key?: string },
): Promise<CommandResult> {
  const key = await signingKey(path);
  if (key === undefined) {
    throw new UsageError(
      `Cannot sign model "${name}": --key must be the file of a key, and ${SIGNING_KEY} names none ` +
        "either; make one: deno task models keygen",
    );
  }
  const signed = await store.sign(name, key, version);
  const { publicKey, signer } = key;
  const id = keyId(publicKey);
  return {
    json: { name, version: signed.version, key: id, signer, publicKey },
    text: `Signed ${name}, version ${signed.version}, with the key ${id}` +
      `${signer === null ? "" : ` (${signer})`}.`,
  };
}
