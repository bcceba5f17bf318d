/**
 * Files that may not be there.
 *
 * @module
 */

/**
 * What was asked of a file or folder, or `null` if there is none.
 *
 * @param asking For example `Deno.readFile(path)`.
 * @throws Whatever else it fails by.
 */
export async function absentAsNull<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
