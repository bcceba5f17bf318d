/**
 * The training kernels as one WebAssembly module. It imports the heap of tfjs's wasm backend and
 * works in place on its tensors; it owns no memory and keeps no state. Pointers are byte offsets
 * into that heap, tensors are float32, row-major, channels last.
 */

export { avgPool, avgPoolGradient } from "./avg_pool";
export {
  batchNormApply,
  batchNormGradient,
  batchNormGradientCombine,
  batchNormGradientSums,
  batchNormParameterGradients,
} from "./batch_norm";
export {
  batchNormCombine,
  batchNormFold,
  batchNormStateBytes,
  batchNormStatistics,
} from "./batch_norm_statistics";
export { conv2d, conv2dPrepare, conv2dPreparedBytes, conv2dScratch } from "./conv2d";
export { conv2dFilterGradient, conv2dFilterGradientScratch } from "./conv2d_filter_gradient";
export {
  conv2dInputGradient,
  conv2dInputGradientPrepare,
  conv2dInputGradientPreparedBytes,
  conv2dInputGradientScratch,
} from "./conv2d_input_gradient";
export { conv2dListsBytes, conv2dListsFromDense, conv2dListsFromPool } from "./convolution_lists";
export { denseForward, denseForwardScratch } from "./dense";
export { depthwiseFilterGradient, depthwiseInputGradient } from "./depthwise";
export { dropout } from "./dropout";
export { add, reluGradient, squareGradient } from "./elementwise";
export { matMul, matMulScratch } from "./mat_mul";
export { maxPool, maxPoolGradientFromCodes } from "./max_pool";
export { maxPoolGradient } from "./max_pool_gradient";
export { adam, sgd } from "./optimizer";
export { copy, fill, transpose } from "./pack";
export { addRowSums, meanRows, repeatRow, sumRows } from "./reduce";
export { unsortedSegmentSum } from "./segment_sum";
export { softmax, softmaxCrossEntropy, softmaxCrossEntropyGradient } from "./softmax";
export {
  conv2dFilterGradientSparse,
  conv2dFilterGradientSparseScratch,
  conv2dInputGradientSparse,
  conv2dInputGradientSparsePrepare,
  conv2dInputGradientSparsePreparedBytes,
  conv2dInputGradientSparseScratch,
  countNonZero,
} from "./sparse";
export {
  denseInputGradientSparse,
  denseLists,
  denseListsBytes,
  denseWeightGradientSparse,
} from "./sparse_dense";
