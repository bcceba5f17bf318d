/**
 * Markdown as the formatter leaves it, which knows how wide a table's columns are to be.
 *
 * @module
 */

/**
 * Formats a text.
 *
 * @throws {Error} If the formatter does not take it.
 */
export async function formatMarkdown(text: string): Promise<Uint8Array> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "md", "-"],
    cwd: new URL("../../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [{ success, stdout }] = await Promise.all([
    child.output(),
    new Blob([text]).stream().pipeTo(child.stdin),
  ]);
  if (!success) throw new Error("Cannot format Markdown: deno fmt must take it, and did not");
  return stdout;
}
