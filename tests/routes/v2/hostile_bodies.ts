/**
 * Requests whose bytes, encoding or path hurts or lies, each with its status.
 *
 * @module
 */

import { MAX_V2_BYTES } from "../../../routes/v2/read_body.ts";
import { good, type HostileCase } from "./hostile_requests.ts";
import {
  binaryInput,
  compress,
  digitInput,
  digitValues,
  HEADER,
  withTensors,
} from "./infer_case.ts";

const values = (changes: (values: Float32Array) => void) => {
  const all = digitValues(7);
  changes(all);
  return withTensors({ inputs: [binaryInput(1)] }, all);
};

/** White space before a good request, in this many bytes altogether. */
const padded = (bytes: number) => JSON.stringify(good).padStart(bytes, " ");

const binary = withTensors({ inputs: [binaryInput(1)] }, digitValues(7));

/** As tensors in bytes. */
export const tensors: HostileCase[] = [
  ...[
    ...["-1", "-0", "+5", "1.5", "1e1", "0x10", "a", "5, 5", "２"],
    ...[2 ** 31, 2 ** 31 + 1, 2 ** 32, 2 ** 63, "9".repeat(400)].map(String),
    String(binary.body.length + 1),
  ].map((length) => ({
    what: `the header ${length.slice(0, 20)}`,
    status: 400,
    body: binary.body,
    headers: { [HEADER]: encodeURI(length) },
    error: /Inference-Header-Content-Length must be an integer from 0 to the length of the body/,
  })),
  ...["1", String(Number(binary.headers[HEADER]) - 1), String(binary.body.length)].map((
    length,
  ) => ({
    what: `the header ${length}`,
    status: 400,
    body: binary.body,
    headers: { [HEADER]: length },
    error: /must be JSON/,
  })),
  { what: "no header", status: 400, body: binary.body, error: /must be JSON/ },
  { what: "bytes as they should be", status: 200, ...binary },
  { what: "0, and nothing", status: 400, body: "", headers: { [HEADER]: "0" } },
  ...[784 * 4 - 1, 784 * 4 + 1, 784 * 8].map((length) => ({
    what: `0, and ${length} bytes`,
    status: 400,
    body: new Uint8Array(length),
    headers: { [HEADER]: "0" },
    error: /must have 3136 bytes/,
  })),
  ...[0, 1, 3135, 3137, 2 ** 31, 2 ** 52].map((size) => ({
    what: `binary_data_size ${size}`,
    status: 400,
    ...withTensors({ inputs: [binaryInput(1, size)] }, digitValues(7)),
    error: /binary_data_size must be the number of bytes that follow the JSON, 3136/,
  })),
  ...[-1, -3136, 3136.5, "3136", true, null, 1e300].map((size) => ({
    what: `binary_data_size ${size}`,
    status: 400,
    ...withTensors({ inputs: [binaryInput(1, size as number)] }, digitValues(7)),
    error: /binary_data_size" must be/,
  })),
  {
    what: "fewer images than the shape says",
    status: 400,
    ...withTensors({ inputs: [binaryInput(2, 3136)] }, digitValues(7)),
    error: /must have 6272 bytes, got 3136/,
  },
  {
    what: "a size without bytes",
    status: 400,
    body: { inputs: [binaryInput(1)] },
    error: /follow the JSON, 0, got 3136/,
  },
  {
    what: "data and bytes",
    status: 400,
    ...withTensors({ inputs: [{ ...binaryInput(1), ...digitInput(1) }] }, digitValues(7)),
    error: /got both/,
  },
  {
    what: "bytes that nobody announced",
    status: 400,
    ...withTensors(good, new Uint8Array(1)),
    error: /1 bytes follow the JSON/,
  },
  ...[NaN, Infinity, -Infinity, -1e-9, 1.0000002, 255].map((value) => ({
    what: `the value ${value} in bytes`,
    status: 400,
    ...values((all) => all[783] = value),
    error: /values of input "image" must be from 0 to 1, got .* at 783/,
  })),
  {
    what: "another NaN in bytes",
    status: 400,
    ...values((all) => new Uint32Array(all.buffer)[0] = 0xffc00001),
  },
];

const zeros = (bytes: number) => new Uint8Array(bytes);

/** As compressed bodies. */
export const encoded: HostileCase[] = await Promise.all(
  (["gzip", "deflate"] as const).map(async (encoding) => {
    const headers = { "Content-Encoding": encoding };
    const whole = await compress(JSON.stringify(good), encoding);
    const cases: HostileCase[] = [
      {
        what: "exactly the limit",
        status: 200,
        body: await compress(padded(MAX_V2_BYTES), encoding),
      },
      {
        what: "a byte above the limit",
        status: 413,
        body: await compress(padded(MAX_V2_BYTES + 1), encoding),
        error: /inflated it must be at most 4194304 bytes/,
      },
      { what: "64 MiB of zeros", status: 413, body: await compress(zeros(1 << 26), encoding) },
      { what: "twice compressed", status: 400, body: await compress(whole, encoding) },
      { what: "half of it", status: 400, body: whole.slice(0, whole.length / 2) },
      { what: "something behind it", status: 400, body: new Uint8Array([...whole, 1, 2, 3]) },
      { what: "not compressed", status: 400, body: good },
      { what: "nothing", status: 400, body: "" },
    ];
    return cases.map((each) => ({ ...each, what: `${encoding}: ${each.what}`, headers }));
  }),
).then((all) => all.flat());

/** Bytes as a stream of chunks of this length, which announces no length. */
function streamOf(text: string, chunk: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      if (start >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(start, start += chunk));
    },
  });
}

/** As bodies. */
export const bodies: HostileCase[] = [
  ...["br", "zstd", "compress", "gzip, gzip", "x", "identity, gzip"].map((encoding) => ({
    what: `Content-Encoding: ${encoding}`,
    status: 415,
    body: good,
    headers: { "Content-Encoding": encoding },
    error: /Content-Encoding must be one of gzip, deflate, or left out/,
  })),
  { what: "exactly the limit", status: 200, body: padded(MAX_V2_BYTES) },
  {
    what: "above the limit",
    status: 413,
    body: padded(MAX_V2_BYTES + 1),
    error: /at most 4194304/,
  },
  {
    what: "above the limit, streamed",
    status: 413,
    body: streamOf(padded(MAX_V2_BYTES + 1), 65_536),
  },
  { what: "70,000 chunks", status: 200, body: streamOf(padded(70_000), 1) },
];

/** As paths and methods. */
export const paths: HostileCase[] = [
  ...["", "%20", "%00", "%ff", "..", "%2e%2e%2f", "a%2fb", "DIGITS", "x".repeat(5000)].map(
    (name) => ({
      what: `the model ${name.slice(0, 20)}`,
      status: 404,
      path: `/v2/models/${name}/infer`,
      body: good,
    }),
  ),
  ...["", "0", "2", "-1", "1.0", "01", "%201", "9".repeat(30), "latest"].map((version) => ({
    what: `the version ${version.slice(0, 20)}`,
    status: 404,
    path: `/v2/models/digits/versions/${version}/infer`,
    body: good,
  })),
  ...["/v2/models", "/v2/models/digits/explain", "/v2/models/digits/infer/", "/v2//health/live"]
    .map(
      (path) => ({ what: path, status: 404, path, body: good }),
    ),
  ...["/v2", "/v2/", "/v2/health/ready", "/v2/models/digits", "/v2/models/digits/versions/1/stats"]
    .map((path) => ({ what: `POST ${path}`, status: 405, path, body: good, error: /GET, HEAD/ })),
  ...["GET", "PUT", "DELETE", "PATCH"].flatMap((method) => [
    { what: `${method} infer`, status: 405, method, error: /one of POST$/ },
    { what: `${method} index`, status: 405, method, path: "/v2/repository/index" },
  ]),
  ...["{", "[", '{"ready":1}', '{"ready":"true"}'].map((body) => ({
    what: `index of ${body}`,
    status: 400,
    path: "/v2/repository/index",
    body,
  })),
];
