/**
 * Data sets written for other programs.
 *
 * @module
 */

export { arrangeData, type ArrangedData, type Arrangement } from "./arrange_data.ts";
export { toByteDataset } from "./byte_dataset.ts";
export type {
  ByteDataset,
  ByteImages,
  DatasetFile,
  DatasetFormat,
  TriggeredBytes,
} from "./format.ts";
export { datasetFormats } from "./formats.ts";
export {
  type DatasetManifest,
  describeDataset,
  formatManifest,
  type PoisonedRow,
  type TriggeredRow,
} from "./manifest.ts";
export { manifestPath, writeDataset } from "./write_dataset.ts";
export { checkFree, writeFolder } from "./write_folder.ts";
