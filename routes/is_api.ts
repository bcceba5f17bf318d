/**
 * Which answers are for programs.
 *
 * @module
 */

/** Whether a path is of the API: every answer there, errors too, is for programs. */
export function isApi(path: string): boolean {
  return /^\/(api|v2)(\/|$)/.test(path);
}
