/**
 * Addresses of stored models, as tfjs takes them: `kv://NAME` and `kv://NAME@VERSION`.
 *
 * @module
 */

/** What an address names. */
export interface KvAddress {
  readonly name: string;
  /** The current one if left out. */
  readonly version?: string | undefined;
}

/** Reads an address; `null` for that of another place. Whether name and version can be is not asked. */
export function parseKvAddress(url: string): KvAddress | null {
  const match = /^kv:\/\/([^@]*)(?:@(.*))?$/s.exec(url);
  return match && { name: match[1]!, version: match[2] };
}

/** Writes one. */
export function formatKvAddress({ name, version }: KvAddress): string {
  return `kv://${name}${version === undefined ? "" : `@${version}`}`;
}
