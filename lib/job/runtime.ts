/**
 * What a job must know of the process that it runs in.
 *
 * @module
 */

/** The process, as its program knows it. */
export interface Runtime {
  /** The kernels' register tiles that suit V8's flags. */
  readonly tiles: "portable" | "revectorized";
  /** V8's flags, for manifests. */
  readonly v8Flags: readonly string[];
  /** Deno's version, for manifests. */
  readonly deno: string;
  /** This software's, for manifests: `"0.2.0"`, or `"0.2.0-dev+3d641c5"` between releases. */
  readonly version: string;
  /** Threads of a training or a classification for which no number is asked, from 1. */
  readonly workers: number;
}
