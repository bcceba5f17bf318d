/**
 * The addresses of the page's files.
 *
 * @module
 */

import { sha256Sync } from "../../lib/core/digest.ts";

const folder = new URL("../static/", import.meta.url);

/** What is known of a file: its digest, and of which state of it. */
interface Known {
  readonly state: string;
  readonly digest: string;
}

const known = new Map<string, Known>();

/**
 * The address of a file of `routes/static`, which names its content: browsers may keep it for good,
 * and a page never meets the style or script of another version.
 *
 * @param file For example `base.css`; one of the project's own.
 * @returns For example `/static/base.css?v=3f2a9c0d5b7e`.
 */
export function assetUrl(file: string): string {
  const url = new URL(file, folder);
  const { mtime, size } = Deno.statSync(url);
  // While somebody works on it, a file changes under the running server.
  const state = `${mtime?.getTime()} ${size}`;
  let entry = known.get(file);
  if (entry?.state !== state) {
    entry = { state, digest: sha256Sync(Deno.readFileSync(url)).slice(0, 12) };
    known.set(file, entry);
  }
  return `/static/${file}?v=${entry.digest}`;
}
