/**
 * Addresses of stored models: `NAME` or `NAME@VERSION`; for tfjs, behind `kv://`.
 *
 * @module
 */

/** What an address names. */
export interface ModelAddress {
  readonly name: string;
  /** The current one if left out. */
  readonly version?: string | undefined;
}

const SCHEME = "kv://";

/** Reads `NAME` or `NAME@VERSION`. Whether a model can have such a name or version is not asked. */
export function parseAddress(text: string): ModelAddress {
  const at = text.indexOf("@");
  return at === -1 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + 1) };
}

/** Writes what `parseAddress` reads. */
export function formatAddress({ name, version }: ModelAddress): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** Reads an address behind `kv://`; `null` for that of another place. */
export function parseKvAddress(url: string): ModelAddress | null {
  return url.startsWith(SCHEME) ? parseAddress(url.slice(SCHEME.length)) : null;
}

/** Writes an address behind `kv://`. */
export function formatKvAddress(address: ModelAddress): string {
  return `${SCHEME}${formatAddress(address)}`;
}
