/** The arithmetic of images as one WebAssembly module, in memory of its own. */

export { addRows } from "./area";
export { openInterval } from "./interval";
export { decodeRow } from "./scan";
export { transformBlocks } from "./transform";
