/**
 * Lines for people, on standard error.
 *
 * @module
 */

/** Prints a line; standard output is for a command's answer alone. */
export function printLine(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}
