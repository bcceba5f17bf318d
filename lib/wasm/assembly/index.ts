/**
 * The training kernels as one WebAssembly module. It imports the heap of tfjs's wasm backend and
 * works in place on its tensors; it owns no memory and keeps no state. Pointers are byte offsets
 * into that heap, tensors are float32, row-major, channels last.
 */

export {
  conv2d,
  conv2dFilterGradient,
  conv2dFilterGradientScratch,
  conv2dScratch,
  reverseFilter,
} from "./convolution";
export { adamStep, dropout, reluGradient, sumRows } from "./elementwise";
export { matMul, matMulScratch } from "./mat_mul";
export { avgPoolGradient, maxPoolGradient } from "./pool";
export {
  conv2dFilterGradientSparse,
  conv2dFilterGradientSparseScratch,
  conv2dInputGradientSparse,
  conv2dInputGradientSparseScratch,
  countNonZero,
} from "./sparse";
