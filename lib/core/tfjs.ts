/**
 * TensorFlow.js without the parts that nothing here uses (converter, data, the cpu and WebGL
 * backends). `@tensorflow/tfjs` is these two and those: leaving them out halves what a server loads
 * before it answers. Programs that import `@tensorflow/tfjs` share the same core with it.
 *
 * @module
 */

export * from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-layers";
