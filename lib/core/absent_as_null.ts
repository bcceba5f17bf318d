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
    const { NotFound, NotADirectory } = Deno.errors;
    // Of a path that leads through a file, the system says the latter.
    if (error instanceof NotFound || error instanceof NotADirectory) return null;
    throw error;
  }
}
