import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { decodeArtifacts, encodeArtifacts } from "../../../lib/registry/artifacts.ts";
import { decodeSafetensors, encodeSafetensors } from "../../../lib/registry/safetensors.ts";
import { artifactsOf, createTinyModel } from "./tiny_model.ts";

await tf.setBackend("wasm");

function oneWeight(spec: tf.io.WeightsManifestEntry, weightData: ArrayBuffer) {
  return { modelTopology: {}, weightSpecs: [spec], weightData };
}

Deno.test("float32 weights come back bit for bit, with topology and training configuration", async () => {
  const model = createTinyModel();
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  await model.fit(tf.ones([2, 2, 2, 1]), tf.tensor2d([[1, 0, 0], [0, 1, 0]]), { verbose: 0 });
  const artifacts = await artifactsOf(model, { includeOptimizer: true });
  const restored = decodeArtifacts(encodeArtifacts(artifacts));
  assert.deepEqual(restored.weightData, artifacts.weightData);
  // tfjs leaves undefined fields in what it hands out; JSON does not.
  assert.deepEqual(
    JSON.parse(JSON.stringify({ ...restored, weightData: null })),
    JSON.parse(JSON.stringify({ ...artifacts, weightData: null })),
  );
  assert.ok(artifacts.weightSpecs?.some(({ group }) => group === "optimizer"));
});

Deno.test("a blob alone is a whole model: tfjs loads it and predicts the same", async () => {
  const model = createTinyModel();
  const blob = encodeArtifacts(await artifactsOf(model));
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(decodeArtifacts(blob)));
  const images = tf.randomUniform([5, 2, 2, 1], 0, 1, "float32", 3);
  const [before, after] = [model, loaded].map((each) =>
    (each.predict(images) as tf.Tensor).dataSync()
  );
  assert.deepEqual(after, before);
  assert.equal(decodeSafetensors(blob).metadata.format, "tfjs-layers-model");
});

Deno.test("the same model gives the same bytes", async () => {
  const blobs = await Promise.all(
    [1, 1].map(async (seed) => encodeArtifacts(await artifactsOf(createTinyModel(seed)))),
  );
  assert.deepEqual(blobs[0], blobs[1]);
});

Deno.test("half precision stores two bytes a weight and reads them as float32", () => {
  const values = new Float32Array([1, -0.1, 65504, 3e-8, NaN]);
  const artifacts = oneWeight({ name: "w", shape: [5], dtype: "float32" }, values.buffer);
  const blob = encodeArtifacts(artifacts, { halfPrecision: true });
  assert.equal(decodeSafetensors(blob).tensors.get("w")?.data.byteLength, 10);
  const restored = decodeArtifacts(blob);
  assert.deepEqual(restored.weightSpecs, artifacts.weightSpecs);
  assert.deepEqual(
    new Float32Array(restored.weightData as ArrayBuffer),
    new Float32Array([1, -0.0999755859375, 65504, 2 ** -24, NaN]),
  );
});

Deno.test("a weight beyond half precision's range is refused, not made infinite", () => {
  const artifacts = oneWeight(
    { name: "w", shape: [2], dtype: "float32" },
    new Float32Array([1, 70000]).buffer,
  );
  assert.throws(() => encodeArtifacts(artifacts, { halfPrecision: true }), {
    name: "RangeError",
    message: /"w".*±65504, got 70000/,
  });
});

Deno.test("int32 and bool weights keep their type, and floats after a bool stay whole", () => {
  const weightData = new Uint8Array(1 + 4 + 4);
  weightData[0] = 1;
  weightData.set(new Uint8Array(new Float32Array([0.5]).buffer), 1);
  weightData.set(new Uint8Array(new Int32Array([-7]).buffer), 5);
  const specs: tf.io.WeightsManifestEntry[] = [
    { name: "mask", shape: [1], dtype: "bool" },
    { name: "bias", shape: [1], dtype: "float32" },
    { name: "steps", shape: [], dtype: "int32" },
  ];
  const restored = decodeArtifacts(
    encodeArtifacts({
      modelTopology: {},
      weightSpecs: specs,
      weightData: [weightData.buffer.slice(0, 3), weightData.buffer.slice(3)],
    }),
  );
  assert.deepEqual(restored.weightSpecs, [specs[1], specs[2], specs[0]]);
  const bytes = new DataView(restored.weightData as ArrayBuffer);
  assert.deepEqual(
    [bytes.getFloat32(0, true), bytes.getInt32(4, true), bytes.getUint8(8), bytes.byteLength],
    [0.5, -7, 1, 9],
  );
});

Deno.test("what a blob cannot hold is refused", () => {
  const spec: tf.io.WeightsManifestEntry = { name: "w", shape: [1], dtype: "float32" };
  const one = new ArrayBuffer(4);
  assert.throws(
    () => encodeArtifacts({ weightSpecs: [], weightData: one }),
    /topology must be JSON/,
  );
  assert.throws(() => encodeArtifacts({ modelTopology: {} }), /must have weights/);
  assert.throws(
    () => encodeArtifacts(oneWeight({ ...spec, shape: [1], dtype: "complex64" }, one)),
    /dtype must be float32, int32 or bool, got complex64/,
  );
  assert.throws(
    () => encodeArtifacts(oneWeight({ ...spec, quantization: { dtype: "uint8" } }, one)),
    /must not be quantised/,
  );
  assert.throws(() => encodeArtifacts(oneWeight({ ...spec, shape: [2] }, one)), /end by 4, got 8/);
  assert.throws(
    () => encodeArtifacts(oneWeight(spec, new ArrayBuffer(8))),
    /must have 4 bytes, got 8/,
  );
  assert.throws(
    () =>
      encodeArtifacts({
        modelTopology: {},
        weightSpecs: [spec, spec],
        weightData: new ArrayBuffer(8),
      }),
    /two weights are named "w"/,
  );
});

Deno.test("a safetensors file that is no tfjs model is refused", () => {
  const tensors = new Map([["w", { dtype: "U8", shape: [1], data: new Uint8Array(1) } as const]]);
  assert.throws(() => decodeArtifacts(encodeSafetensors(tensors)), /"format" must be/);
  const metadata = { format: "tfjs-layers-model", modelTopology: "{}", artifacts: "{}" };
  assert.throws(
    () => decodeArtifacts(encodeSafetensors(tensors, metadata)),
    /dtype must be F32, F16, I32 or BOOL, got U8/,
  );
});
