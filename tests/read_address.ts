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
    const url = /listen(?:s|ing) on (http:[^\s"]+)(?:"}|)\n/i.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`Cannot start the server: it must listen, got ${output.trim()}`);
}
