/**
 * Where a server says that it listens.
 *
 * @module
 */

/**
 * Finds the line in which a server says where it listens.
 *
 * @param printed What it has printed so far.
 * @returns The address, and where the line ends; `null` if the line is not whole yet.
 */
export function findAddress(
  printed: string,
): { readonly url: string; readonly end: number } | null {
  const found = /listen(?:s|ing) on (http:[^\s"]+)(?:"}|)\n/i.exec(printed);
  return found && { url: found[1]!, end: found.index + found[0].length };
}

/**
 * Reads what a server prints until it says where it listens.
 *
 * @param printed Its output; can be read on afterwards.
 * @throws {Error} If it ends before; with what it printed.
 */
export async function readAddress(printed: ReadableStream<string>): Promise<string> {
  let output = "";
  for await (const chunk of printed.values({ preventCancel: true })) {
    output += chunk;
    const address = findAddress(output);
    if (address !== null) return address.url;
  }
  throw new Error(`Cannot start the server: it must listen, got ${output.trim()}`);
}
