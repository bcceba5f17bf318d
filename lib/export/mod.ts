/**
 * Data sets written for other programs.
 *
 * @module
 */

export { toByteDataset } from "./byte_dataset.ts";
export type { ByteDataset, ByteImages, DatasetFile, DatasetFormat } from "./format.ts";
export { datasetFormats } from "./formats.ts";
export {
  type DatasetManifest,
  describeDataset,
  formatManifest,
  type PoisonedRow,
} from "./manifest.ts";
export { checkFree, writeFolder } from "./write_folder.ts";
