/**
 * Data sets: labelled images in memory, read from their authors' files.
 *
 * @module
 */

export { cifar10 } from "./cifar10.ts";
export type { Dataset, DatasetDefinition, LoadedDataset, LoadOptions } from "./dataset.ts";
export { datasetDefinitions } from "./definitions.ts";
export { fashionMnist } from "./fashion_mnist.ts";
export { toIdx } from "./idx.ts";
export { loadDataset } from "./load_dataset.ts";
export { mnist } from "./mnist.ts";
export { type NpyType, toNpy } from "./npy.ts";
export { toNpz } from "./npz.ts";
export { type PoisonedFile, readPoisonedNpz } from "./read_poisoned_npz.ts";
