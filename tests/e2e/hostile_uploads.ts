/**
 * Requests with an image that hurts or lies, as fast-check draws them: under `/api`.
 *
 * @module
 */

import fc from "fast-check";
import { MAX_BYTES } from "../../lib/image/limits.ts";
import { concat } from "../lib/image/build_png.ts";
import { altered, bombs, edited, FILES, jpegs, pngs, spliced } from "../lib/image/hostile_files.ts";
import { giantPng, heavyJpeg, scanBomb } from "../lib/serve/hostile_images.ts";
import { type HostileRequest, MODELS, oddText, percent, queryOf } from "./hostile_request.ts";

const encoder = new TextEncoder();

/** What is no image at all, or is too long. */
const strangers = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom(
    ...["GIF89a", "RIFF\x10\0\0\0WEBPVP8 ", "BM", "II*\0", "<svg/>", "{}", "", "%PDF-1.7"].map(
      (text) => encoder.encode(text),
    ),
  ),
  fc.constantFrom(...FILES.map((file) => file.subarray(0, 40))),
);

const tooLong = fc.integer({ min: MAX_BYTES - 1, max: MAX_BYTES + 2 }).map((length) => {
  const bytes = new Uint8Array(length);
  bytes.set(FILES[0]!);
  return bytes;
});

/** Those that take far longer than others are rare, or there would be time for nothing else. */
const images: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 300, arbitrary: altered },
  { weight: 150, arbitrary: spliced },
  { weight: 200, arbitrary: pngs },
  { weight: 200, arbitrary: jpegs },
  { weight: 100, arbitrary: strangers },
  { weight: 60, arbitrary: fc.constantFrom(...FILES) },
  { weight: 20, arbitrary: fc.constantFrom(...bombs, scanBomb()) },
  { weight: 5, arbitrary: tooLong },
  { weight: 2, arbitrary: fc.constantFrom(heavyJpeg(), giantPng()) },
);

const number = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  fc.constantFrom("-1", "1e1", "0x3", "9".repeat(400), "-0", "0.5", "1", "NaN", "Infinity", " 1"),
);

/** Parameters that there are, with values that may be right; and others. */
const parameters = fc.oneof(
  fc.tuple(fc.constant("model"), fc.oneof(fc.constantFrom(...MODELS), oddText)),
  fc.tuple(fc.constant("clean"), fc.oneof(fc.constantFrom(...MODELS), oddText)),
  fc.tuple(fc.constant("invert"), fc.constantFrom("true", "false", "", "TRUE", "1")),
  fc.tuple(
    fc.constant("trigger"),
    fc.oneof(fc.constantFrom("pixel", "pattern", "corner,pixel", "corners", ",", "a,a"), oddText),
  ),
  fc.tuple(fc.constantFrom("target", "distance", "value", "size", "row", "column"), number),
  fc.tuple(oddText, oddText),
);

/** Hardly any, for what is wrong with the query hides the image. */
const query = queryOf(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(parameters, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(parameters, { maxLength: 40 }) },
  ),
);

const contentType = fc.oneof(
  fc.constantFrom("image/png", "image/jpeg", "application/json", "text/plain", "", "a/b/c;;"),
  oddText.map(percent),
);

const raw = fc.record({ body: images, type: contentType })
  .map(({ body, type }) => ({ body, headers: { "Content-Type": type } }));

const part = fc.record({
  name: fc.oneof(
    { weight: 4, arbitrary: fc.constant("image") },
    { weight: 1, arbitrary: oddText },
  ),
  file: fc.constantFrom('; filename="7.png"', "; filename=", '; filename="\0"', ""),
  type: fc.constantFrom("\r\nContent-Type: image/png", "\r\nContent-Type: x", "\r\nX", ""),
  data: images,
}).map(({ name, file, type, data }) =>
  concat([
    encoder.encode(
      `--edge\r\nContent-Disposition: form-data; name="${name}"${file}${type}\r\n\r\n`,
    ),
    data,
    encoder.encode("\r\n"),
  ])
);

const wholeForm = fc.array(part, { maxLength: 3 })
  .map((parts) => concat([...parts, encoder.encode("--edge--\r\n")]));

const form = fc.record({
  body: fc.oneof(
    { weight: 6, arbitrary: wholeForm },
    { weight: 2, arbitrary: edited(wholeForm) },
    {
      weight: 1,
      arbitrary: fc.tuple(part, fc.nat(60)).map(([part, count]) =>
        concat(Array(part.length < 2000 ? count : 1).fill(part))
      ),
    },
    { weight: 1, arbitrary: images },
  ),
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constant("multipart/form-data; boundary=edge") },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        'multipart/form-data; boundary="edge',
        `multipart/form-data; boundary=${"x".repeat(3000)}`,
        "multipart/mixed; boundary=edge",
        "MULTIPART/FORM-DATA; a=b; boundary=edge; boundary=b",
      ),
    },
  ),
}).map(({ body, type }) => ({ body, headers: { "Content-Type": type } }));

/** An image in one of the ways to send one, to one of the routes that take one. */
export const uploads: fc.Arbitrary<HostileRequest> = fc.record({
  route: fc.constantFrom("attack", "poison", "classify"),
  query,
  sent: fc.oneof({ weight: 3, arbitrary: raw }, { weight: 1, arbitrary: form }),
  isStream: fc.nat(9).map((one) => one === 0),
}).map(({ route, query, sent, isStream }) => ({
  path: `/api/${route}${query}`,
  ...sent,
  isStream,
}));
