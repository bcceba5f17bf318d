/**
 * Refusals of the system, in words.
 *
 * @module
 */

/**
 * Why the system refuses a file or folder, without what means nothing to people: the name of a
 * temporary file, the name of a system call, advice on Deno's own flags.
 *
 * @param error What a function of Deno that deals with files has thrown.
 *
 * @example
 * ```ts
 * import { reasonOf } from "./reason_of.ts";
 * import assert from "node:assert/strict";
 *
 * const error = await Deno.readFile("/no/such/file").catch((error) => error);
 * assert.equal(reasonOf(error), "there is no such file");
 * ```
 */
export function reasonOf(error: Error): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "part of its path is a file";
  if (error instanceof Deno.errors.NotCapable) return "Deno keeps programs out of it";
  return error.message.split(":")[0]!;
}
