/**
 * The room that standard output has.
 *
 * @module
 */

/**
 * Characters that a line of standard output may have: what `COLUMNS` says, or else the terminal's
 * width; without end if there is no terminal.
 */
export function outputWidth(): number {
  const columns = Number(Deno.env.get("COLUMNS"));
  if (Number.isSafeInteger(columns) && columns > 0) return columns;
  return Deno.stdout.isTerminal() ? Deno.consoleSize().columns : Infinity;
}
