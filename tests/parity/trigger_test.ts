/** Triggers against those of the Adversarial Robustness Toolbox, value for value. */

import assert from "node:assert/strict";
import {
  createImageTrigger,
  createTrigger,
  createTriggerImage,
  type SourceImage,
} from "../../lib/trigger/mod.ts";
import { channelsLast, readCases, type StoredArray, toImages } from "./vectors.ts";

interface StampCase {
  readonly kind: string;
  readonly distance: number;
  readonly value: number;
  readonly images: StoredArray;
  readonly expected: StoredArray;
}

for (const { kind, distance, value, images, expected } of await readCases<StampCase>("stamps")) {
  const options = { distance, value };
  Deno.test(`ART's ${kind}, distance ${distance}, value ${value}, on ${images.shape}`, () => {
    assert.deepEqual(createTrigger(kind, options).apply(toImages(images)), toImages(expected));
  });
}

interface InsertCase {
  readonly trigger: StoredArray;
  readonly size: readonly [height: number, width: number] | null;
  readonly place: { readonly row: number; readonly column: number };
  readonly blend: number;
  readonly channelsFirst: boolean;
  readonly images: StoredArray;
  readonly expected: StoredArray;
}

/** A trigger's pixels as a decoded file holds them. */
function toSource({ shape: [height = 0, width = 0, channels], data }: StoredArray): SourceImage {
  assert.ok(channels === 1 || channels === 2 || channels === 3 || channels === 4);
  return { height, width, channels, data: Uint8Array.from(data), maximum: 255 };
}

for (const each of await readCases<InsertCase>("insert_image")) {
  const { trigger, size, place, blend } = each;
  const name = `${trigger.shape} as ${size}, at ${place.row}, ${place.column}, blend ${blend}, ` +
    `on ${each.images.shape}`;
  Deno.test(`ART's insert_image: ${name}`, () => {
    const image = createTriggerImage(
      toSource(trigger),
      size ? { height: size[0], width: size[1] } : undefined,
    );
    const last = (array: StoredArray) => toImages(each.channelsFirst ? channelsLast(array) : array);
    const { data, shape } = createImageTrigger(image, { place, blend }).apply(last(each.images));
    const expected = last(each.expected);
    assert.deepEqual(shape, expected.shape);
    assert.deepEqual(data, expected.data.map((byte) => byte / 255));
  });
}

interface RandomPlaceCase {
  readonly shape: readonly [height: number, width: number];
  readonly image: readonly [height: number, width: number];
  readonly places: readonly (readonly [row: number, column: number])[];
}

for (const { shape, image, places } of await readCases<RandomPlaceCase>("random_places")) {
  Deno.test(`at random, ${image} comes to every place in ${shape} that ART puts it, and no other`, () => {
    const [height, width] = image;
    const white = new Uint8Array(height * width).fill(255);
    const source: SourceImage = { height, width, channels: 1, data: white, maximum: 255 };
    const trigger = createImageTrigger(createTriggerImage(source), { place: { seed: 1 } });
    const found = Array.from(
      { length: 300 },
      (_, i) => String(trigger.pixels([...shape, 1], i)[0]),
    );
    assert.deepEqual([...new Set(found)].sort(), places.map(String).sort());
  });
}
