/**
 * Signatures in words.
 *
 * @module
 */

import type { SignatureCheck } from "../../lib/registry/source.ts";

/** Who signed, in a table's cell. */
export function describeSignature(check: SignatureCheck | null | undefined): string {
  if (!check) return "–";
  const { key, signer, valid } = check;
  if (!valid) return "false";
  return signer === null ? `${key}` : `${signer} (${key})`;
}
