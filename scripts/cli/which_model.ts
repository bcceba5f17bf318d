/**
 * Which model an argument means.
 *
 * @module
 */

/** A model, or one version of it. */
export interface WhichModel {
  readonly name: string;
  readonly version?: string;
}

/** How an argument says it, for `--help`. */
export const whichModelHelp = "NAME, or NAME@VERSION for one version";

/** Takes `NAME` or `NAME@VERSION`. */
export function parseWhichModel(which: string): WhichModel {
  const at = which.indexOf("@");
  return at === -1 ? { name: which } : { name: which.slice(0, at), version: which.slice(at + 1) };
}

/** As it is written. */
export function formatWhichModel({ name, version }: WhichModel): string {
  return version === undefined ? name : `${name}@${version}`;
}
