/**
 * The digests of data sets, as they are on this machine.
 *
 * @module
 */

import { loadDataset, type LoadOptions } from "../data/mod.ts";
import type { OnEvent } from "./events.ts";

/**
 * Names the data that jobs train on.
 *
 * @param names Data sets, one or several times.
 * @returns The digest of each.
 * @throws {NotFoundError} If there is no such data set, or a file of it is missing.
 */
export async function datasetDigests(
  names: readonly string[],
  { onEvent, ...options }: LoadOptions & { readonly onEvent: OnEvent },
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const name of new Set(names)) {
    const { digest, warnings } = await loadDataset(name, { ...options, onEvent });
    warnings.forEach((text) => onEvent({ kind: "warning", text }));
    digests.set(name, digest);
  }
  return digests;
}
