/**
 * Requests for inference that hurt or lie, as fast-check draws them: under `/v2`.
 *
 * @module
 */

import { deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { edited } from "../lib/image/hostile_files.ts";
import { bodies, encoded, paths, tensors } from "../routes/v2/hostile_bodies.ts";
import { json, requests } from "../routes/v2/hostile_requests.ts";
import { binaryInput, digitInput, HEADER, withTensors } from "../routes/v2/infer_case.ts";
import { type HostileRequest, MODELS, oddText, percent, queryOf } from "./hostile_request.ts";

type Sent = Pick<HostileRequest, "headers" | "body">;

const encoder = new TextEncoder();

/** The model that most ask. */
const MODEL = MODELS[0];

/** Each of the cases that have a status of their own elsewhere, but for streams, which are read once. */
const cases: fc.Arbitrary<HostileRequest> = fc.constantFrom(
  ...[json, requests, tensors, encoded, bodies, paths].flat().filter(({ method = "POST", body }) =>
    method === "POST" && !(body instanceof ReadableStream)
  ),
).map(({ path = "/v2/models/digits/infer", headers = {}, body }) => ({
  path: path.replace("/digits", `/${MODEL}`),
  headers,
  body: body instanceof Uint8Array
    ? body
    : encoder.encode(typeof body === "string" ? body : JSON.stringify(body)),
  isStream: false,
}));

/** As it stands in JSON, or does not. */
const literal = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.double().map(String),
  fc.constantFrom(
    "NaN",
    "-Infinity",
    "1e999",
    "-1e-999",
    "9".repeat(400),
    "1e",
    "0x1",
    "01",
    "null",
  ),
  fc.integer({ min: 90, max: 5000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.integer({ min: 90, max: 5000 }).map((depth) => '{"a":'.repeat(depth)),
  fc.constantFrom('"\\ud800"', '"\\u0000"', '"\\x"', "[1,]", '{"a":1,"a":2}', '{"__proto__":1}'),
  oddText.map((text) => JSON.stringify(text)),
);

/** A good request whose parts stand apart, so that some may be others. */
const PARTS: Readonly<Record<string, string>> = {
  name: '"image"',
  datatype: '"FP32"',
  shape: "[1,28,28,1]",
  data: JSON.stringify(digitInput(7).data),
  inputParameters: "{}",
  id: '"one"',
  outputs: '[{"name":"probabilities"}]',
  parameters: "{}",
};

const parts = fc.array(
  fc.tuple(fc.constantFrom(...Object.keys(PARTS), "key"), literal),
  { maxLength: 2 },
).map((changes) => {
  const { name, datatype, shape, data, inputParameters, id, outputs, parameters, key = '"x"' } = {
    ...PARTS,
    ...Object.fromEntries(changes),
  };
  return `{"id":${id},"parameters":${parameters},"inputs":[{"name":${name},"datatype":${datatype},` +
    `"shape":${shape},"parameters":${inputParameters},"data":${data}}],"outputs":${outputs},${key}:1}`;
});

/** A good request but for one of its values. */
const values = fc.tuple(fc.nat(783), literal).map(([at, value]) => {
  const data = digitInput(7).data.map(String);
  data[at] = value;
  return `{"inputs":[{"name":"image","datatype":"FP32","shape":[1,28,28,1],"data":[${data}]}]}`;
});

const texts: fc.Arbitrary<Uint8Array> = fc.oneof(
  parts.map((text) => encoder.encode(text)),
  values.map((text) => encoder.encode(text)),
  edited(parts.map((text) => encoder.encode(text))),
  literal.map((text) => encoder.encode(text)),
  fc.uint8Array({ maxLength: 200 }),
);

const asJson: fc.Arbitrary<Sent> = texts.map((body) => ({ body, headers: {} }));

/** Tensors of any bits, their number and what is said of it right or nearly. */
const asBytes: fc.Arbitrary<Sent> = fc.record({
  count: fc.constantFrom(1, 1, 1, 2, 3),
  isRandom: fc.boolean(),
  bits: fc.uint8Array({ minLength: 1, maxLength: 64 }),
  more: fc.constantFrom(0, 0, 0, 0, 1, -1, 4, -3136),
  off: fc.constantFrom(0, 0, 0, 0, 1, -1, 1000),
  isHeadless: fc.nat(4).map((one) => one === 0),
}).map(({ count, isRandom, bits, more, off, isHeadless }) => {
  const bytes = new Uint8Array(Math.max(0, count * 3136 + more));
  if (isRandom) bytes.set(bits.subarray(0, bytes.length));
  const { body, headers } = withTensors({ inputs: [binaryInput(count)] }, bytes);
  if (isHeadless) return { body: bytes, headers: { [HEADER]: String(Math.max(0, off)) } };
  return { body, headers: { [HEADER]: String(Number(headers[HEADER]) + off) } };
});

const compressors = { gzip: gzipSync, deflate: deflateSync } as const;

const plain = fc.oneof(asJson, asBytes);

const packed: fc.Arbitrary<Sent> = fc.tuple(
  plain,
  fc.constantFrom("gzip", "deflate"),
  fc.constantFrom("gzip", "deflate", "GZIP", " deflate ", "br", "identity", "x"),
).map(([{ body, headers }, real, said]) => ({
  body: new Uint8Array(compressors[real](body)),
  headers: { ...headers, "Content-Encoding": said === "x" ? real : said },
}));

const brokenPacked: fc.Arbitrary<Sent> = fc.record({
  body: edited(packed.map(({ body }) => body)),
  headers: fc.constantFrom({ "Content-Encoding": "gzip" }, { "Content-Encoding": "deflate" }),
});

const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...MODELS).map((name) => `/v2/models/${name}/infer`) },
  { weight: 2, arbitrary: fc.constant(`/v2/models/${MODEL}/versions/1/infer`) },
  { weight: 1, arbitrary: oddText.map((name) => `/v2/models/${percent(name)}/infer`) },
  {
    weight: 1,
    arbitrary: oddText.map((version) => `/v2/models/${MODEL}/versions/${percent(version)}/infer`),
  },
);

const query = queryOf(
  fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(oddText, oddText), { maxLength: 3 }) },
  ),
);

const isStream = fc.nat(9).map((one) => one === 0);

const drawn: fc.Arbitrary<HostileRequest> = fc.record({
  path: fc.tuple(path, query).map(([path, query]) => path + query),
  sent: fc.oneof(
    { weight: 4, arbitrary: asJson },
    { weight: 2, arbitrary: asBytes },
    { weight: 2, arbitrary: packed },
    { weight: 1, arbitrary: brokenPacked },
  ),
  isStream,
}).map(({ path, sent, isStream }) => ({ path, ...sent, isStream }));

/** Asks for what there is. */
export const indexRequests: fc.Arbitrary<HostileRequest> = fc.record({
  path: query.map((query) => `/v2/repository/index${query}`),
  sent: fc.oneof(
    literal.map((ready) => ({ body: encoder.encode(`{"ready":${ready}}`), headers: {} })),
    asJson,
    packed,
    brokenPacked,
  ),
  isStream,
}).map(({ path, sent, isStream }) => ({ path, ...sent, isStream }));

/** Asks a model. */
export const inferences: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 9, arbitrary: drawn },
  { weight: 1, arbitrary: cases },
);
