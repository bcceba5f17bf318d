/**
 * What the resolving of requests is told beside them.
 *
 * @module
 */

/** What the resolving of a request is told. */
export interface ResolveOptions {
  /** Threads, if the request names no number. */
  readonly workers: number;
  /**
   * How messages name a field: `poisonRate` is `--poison-rate` on a command line. The field's own name
   * if left out.
   */
  readonly spell?: (option: string) => string;
}

/** A field by its own name. */
export const asItIs = (option: string): string => option;
