import assert from "node:assert/strict";
import fc from "fast-check";
import { readPoisonedNpz, toNpy, toNpz } from "../../../lib/data/mod.ts";
import { readNpy } from "../../../lib/data/read_npy.ts";

const x = toNpy(Uint8Array.of(0, 255, 51, 102), [2, 2, 1, 1]);
const y = toNpy(Uint8Array.of(3, 7), [2]);
const marks = toNpy(Uint8Array.of(0, 1), [2], "bool");

Deno.test("bytes come back from NumPy's file as they were, in their shape", () =>
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), (shape) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = Uint8Array.from({ length: count }, (_, i) => i);
    const { shape: read, data } = readNpy(toNpy(values, shape), { name: "some" });
    assert.deepEqual([read, data], [shape, values]);
  })));

Deno.test("a training set comes out of an archive: values in 0–1, labels, marks", () => {
  const archive = toNpz({ "x_train.npy": x, "y_train.npy": y, "poisoned_train.npy": marks });
  const { train, poisoned } = readPoisonedNpz(archive, { name: "set.npz" });
  assert.deepEqual(train.images, {
    data: Float32Array.of(0, 1, 0.2, 0.4),
    shape: [2, 2, 1, 1],
  });
  assert.deepEqual([train.labels, poisoned], [Uint8Array.of(3, 7), Uint8Array.of(0, 1)]);
});

Deno.test("grey images may come without channels, and a set without marks", () => {
  const archive = toNpz({
    "x_train.npy": toNpy(Uint8Array.of(0, 255, 51, 102), [2, 2, 1]),
    "y_train.npy": y,
    "other.npy": y,
  });
  const { train, poisoned } = readPoisonedNpz(archive, { name: "set.npz" });
  assert.deepEqual([train.images.shape, poisoned], [[2, 2, 1, 1], null]);
});

const refused: readonly [what: string, bytes: Uint8Array, message: RegExp][] = [
  [
    "no archive",
    Uint8Array.of(1, 2, 3),
    /it must be NumPy's archive \(\.npz\), got something else/,
  ],
  ["no images", toNpz({ "y_train.npy": y }), /must hold x_train and y_train, got y_train\.npy; /],
  [
    "labels of others",
    toNpz({ "x_train.npy": x, "y_train.npy": toNpy(Uint8Array.of(1, 2, 3), [3]) }),
    /must hold M images, M labels and, if any, M marks, got shapes \(2,2,1,1\), \(3\), \(\);/,
  ],
  [
    "other numbers",
    toNpz({ "x_train.npy": toNpy(new Float32Array(4), [2, 2, 1, 1]), "y_train.npy": y }),
    /^Cannot read x_train\.npy in set\.npz: it must be of uint8 or bool, got <f4; /,
  ],
  [
    "a file cut off",
    toNpz({ "x_train.npy": x.subarray(0, x.length - 1), "y_train.npy": y }),
    /must be 4 bytes of values, got 3;/,
  ],
  [
    "no array",
    toNpz({ "x_train.npy": new Uint8Array(20), "y_train.npy": y }),
    /must be NumPy's file, got something else;/,
  ],
];
for (const [what, bytes, message] of refused) {
  Deno.test(`an archive with ${what} is refused`, () => {
    assert.throws(() => readPoisonedNpz(bytes, { name: "set.npz" }), {
      name: "IntegrityError",
      message,
    });
  });
}
