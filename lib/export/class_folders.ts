/**
 * Folders named after classes.
 *
 * @module
 */

/**
 * A folder's name for each class: what the class is called, as far as a file may be called so. In
 * alphabetical order, in which image loaders count classes, they are in the order of the labels: if
 * names alone are not, the label stands before each.
 *
 * @param labels The name of each class, by label.
 *
 * @example
 * ```ts
 * import { classFolders } from "./class_folders.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(classFolders(["airplane", "bird"]), ["airplane", "bird"]);
 * assert.deepEqual(classFolders(["T-shirt/top", "Bag"]), ["0-T-shirt-top", "1-Bag"]);
 * ```
 */
export function classFolders(labels: readonly string[]): string[] {
  const names = labels.map((label) => label.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, ""));
  // Some systems tell capitals apart, and some do not.
  if (isAscending(names) && isAscending(names.map((name) => name.toLowerCase()))) return names;
  const digits = String(labels.length - 1).length;
  return names.map((name, label) => {
    const number = String(label).padStart(digits, "0");
    return name === "" || name === String(label) ? number : `${number}-${name}`;
  });
}

/** Whether each of some words stands behind the one before it, and none is empty. */
function isAscending(words: readonly string[]): boolean {
  return words.every((word, i) => word > (words[i - 1] ?? ""));
}
