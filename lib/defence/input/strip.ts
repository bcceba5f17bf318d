/**
 * STRIP (Gao et al., "STRIP: A Defence Against Trojan Attacks on Deep Neural Networks", ACSAC 2019):
 * an image with a trigger is classified alike, whatever is laid over it.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import { selectImages } from "../../core/select_images.ts";
import { defineInputDefence } from "./define_input_defence.ts";
import { CHUNK } from "./metered_model.ts";
import { bytesOf } from "./profile.ts";

/** Clean images that are laid over an image: the paper takes 100 and finds 10 enough. */
const OVERLAYS = 20;

/**
 * The sum of image and overlay, clipped, as the authors' program has it: an average would halve the
 * trigger. The score is the negative mean entropy of the answers, in bits. (ART's class takes the
 * entropy over the overlays of each class, not over the classes of each overlay.)
 */
export const strip = defineInputDefence({
  name: "strip",
  title: "STRIP",
  summary: "Lays clean images over an image: a trigger keeps the answer as it is.",
  needs: [],
  isNullModel: false,
  forwards: OVERLAYS,
  goesByAnswer: false,
  calibrationForwards: () => 0,
  calibrate(_model, clean, { seed }) {
    const [count] = clean.shape;
    if (count < OVERLAYS) {
      throw new RangeError(
        `Cannot calibrate STRIP: there must be at least ${OVERLAYS} clean images, got ${count}`,
      );
    }
    const rows = createRandom(seed, "overlays").shuffle(Uint32Array.from(Array(count).keys()));
    const { data } = selectImages(clean, rows.subarray(0, OVERLAYS));
    // In bytes, as files hold images: a quarter of the profile's size.
    const overlays = Uint8Array.from(data, (value) => Math.round(value * 255));
    return Promise.resolve({ arrays: { overlays } });
  },
  async score(model, { data, shape: [count, ...shape] }, profile) {
    const size = shape[0] * shape[1] * shape[2];
    const overlays = Float32Array.from(bytesOf(profile, "overlays"), (byte) => byte / 255);
    const scores = new Float32Array(count);
    const atOnce = Math.floor(CHUNK / OVERLAYS);
    for (let first = 0; first < count; first += atOnce) {
      const images = Math.min(atOnce, count - first);
      const blends = layOver(data.subarray(first * size, (first + images) * size), overlays, size);
      const answers = await model.classify({ data: blends, shape: [images * OVERLAYS, ...shape] });
      const each = OVERLAYS * model.classes;
      for (let image = 0; image < images; image++) {
        const entropy = entropyOf(answers.subarray(image * each, (image + 1) * each));
        scores[first + image] = -entropy / OVERLAYS;
      }
    }
    return scores;
  },
});

/** Each image under each overlay, `(images, overlays, size)`. */
function layOver(images: Float32Array, overlays: Float32Array, size: number): Float32Array {
  const blends = new Float32Array(images.length / size * overlays.length);
  let at = 0;
  for (let image = 0; image < images.length; image += size) {
    for (let overlay = 0; overlay < overlays.length; overlay += size) {
      for (let k = 0; k < size; k++) {
        blends[at++] = Math.min(1, images[image + k]! + overlays[overlay + k]!);
      }
    }
  }
  return blends;
}

/** The sum of −p·log₂ p; bits. */
function entropyOf(probabilities: Float32Array): number {
  let bits = 0;
  for (const p of probabilities) if (p > 0) bits -= p * Math.log2(p);
  return bits;
}
