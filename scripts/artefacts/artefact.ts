/**
 * Files that are built from sources and committed, because a deployment serves without a build.
 *
 * @module
 */

/** A committed file and how it is made. */
export interface Artefact {
  /** From the repository's root, for example `"routes/static/demo.js"`. */
  readonly path: string;
  /** Makes the file's contents anew: the same bytes each time from the same sources. */
  readonly build: () => Promise<Uint8Array>;
}
