/**
 * Elements of the page by their id.
 *
 * @module
 */

/**
 * Finds an element that the server is known to render.
 *
 * @param id Without the `#`.
 * @param type What it must be, for example `HTMLInputElement`.
 * @throws {Error} If there is none, which means that page and script are of different versions.
 */
export function element<T extends Element>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`Cannot start the page: #${id} must be a ${type.name}; reload the page`);
}
