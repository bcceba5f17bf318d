/**
 * Requests for inference whose JSON hurts or lies, each with its status.
 *
 * @module
 */

import { digitInput } from "./infer_case.ts";

/** A request, and how it is answered. */
export interface HostileCase {
  readonly what: string;
  readonly status: number;
  /** What is sent: as it is, or as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly method?: string;
  /** What the error says. */
  readonly error?: RegExp;
}

/** A request that is answered. */
export const good = { inputs: [digitInput(7)] };

/** A good request but for a part of its input. */
const input = (changes: object) => ({ inputs: [{ ...digitInput(7), ...changes }] });

/** A good request but for the parameters of its output. */
const output = (parameters: unknown) => ({
  ...good,
  outputs: [{ name: "probabilities", parameters }],
});

/** A good request with `depth` levels, of which two are its own. */
const nested = (depth: number) =>
  `{"extra":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)},${JSON.stringify(good).slice(1)}`;

/** A good request but for its first value. */
const withFirst = (value: string) =>
  JSON.stringify(good).replace(/"data":\[[\d.]+/, `"data":[${value}`);

/** As JSON. */
export const json: HostileCase[] = [
  { what: "nothing", status: 400, body: "", error: /got nothing/ },
  { what: "a space", status: 400, body: " " },
  ...["null", "1", '"x"', "[]", "{}", "{", '{"inputs"', "\ufeff"].map((body) => ({
    what: body,
    status: 400,
    body,
  })),
  { what: "no UTF-8", status: 400, body: Uint8Array.of(0x22, 0xff, 0x22), error: /UTF-8/ },
  { what: "100 levels", status: 200, body: nested(100) },
  { what: "101 levels", status: 400, body: nested(101), error: /100 levels/ },
  { what: "a million levels", status: 400, body: "[".repeat(1e6), error: /100 levels/ },
  ...[["objects", "[".padEnd(1002 * 3, "{},") + "0]"], ["keys", `{${'"":0,'.repeat(1001)}"":0}`]]
    .map(
      ([what, extra]) => ({
        what: `1,001 ${what}`,
        status: 400,
        body: `{"extra":${extra},${JSON.stringify(good).slice(1)}`,
        error: /at most 1000 objects and keys/,
      }),
    ),
  {
    what: "brackets and colons in a text",
    status: 200,
    body: { ...good, id: '{":['.repeat(1001) },
  },
  { what: "brackets in a text", status: 200, body: { ...good, id: '["'.repeat(500) } },
  ...["NaN", "Infinity", "-Infinity", "1e400", "-0.1", "1.000001", "true", "null", '"0"', "[0]"]
    .map((value) => ({
      what: `the value ${value}`,
      status: 400,
      body: withFirst(value),
    })),
  { what: "the value -0", status: 200, body: withFirst("-0") },
];

/** As a request. */
export const requests: HostileCase[] = [
  { what: "no inputs", status: 400, body: { inputs: [] }, error: /got none/ },
  { what: "inputs that are none", status: 400, body: { inputs: "image" } },
  { what: "the input twice", status: 400, body: { inputs: [digitInput(1), digitInput(2)] } },
  { what: "another input", status: 400, body: input({ name: "x".repeat(1e5) }), error: /x…"$/ },
  { what: "100 inputs", status: 400, body: { inputs: Array(100).fill(digitInput(1)) } },
  { what: "id as a number", status: 400, body: { ...good, id: 1 }, error: /"id" must be string/ },
  { what: "parameters as text", status: 400, body: { ...good, parameters: "x" } },
  ...["__proto__", "constructor", "toString", "sequence_id", ""].map((name) => ({
    what: `the parameter ${name}`,
    status: 200,
    body: `{"parameters":{${JSON.stringify(name)}:1},${JSON.stringify(good).slice(1)}`,
  })),
  {
    what: "a reserved parameter",
    status: 400,
    body: { ...good, parameters: { triton_x: 1 } },
    error: /triton_/,
  },
  ...["FP64", "FP16", "UINT8", "BYTES", "fp32", "", "x".repeat(1e5)].map((datatype) => ({
    what: `datatype ${datatype.slice(0, 9)}`,
    status: 400,
    body: input({ datatype }),
    error: /datatype of "image" must be FP32/,
  })),
  ...[
    [],
    [1],
    [1, 784],
    [28, 28, 1],
    [1, 28, 28],
    [1, 28, 28, 1, 1],
    [0, 28, 28, 1],
    [-1, 28, 28, 1],
    [1, -28, -28, 1],
    [0.5, 28, 56, 1],
    [1, 28, 14, 2],
    [1338, 28, 28, 1],
    [16, 2 ** 60 + 2, 28, 1],
    [2 ** 62, 28, 28, 1],
    [1e308, 1e308, 28, 1],
    Array(1e5).fill(1),
  ].map((shape) => ({
    what: `shape ${shape.slice(0, 5)}`,
    status: 400,
    body: input({ shape }),
    error: /shape of "image" must be \[N, 28, 28, 1\] with N from 1 to 1337/,
  })),
  ...["[1,28,28,1]", null, ["1", "28", "28", "1"], [[1], 28, 28, 1], { length: 4 }].map((
    shape,
  ) => ({
    what: `shape ${JSON.stringify(shape)}`,
    status: 400,
    body: input({ shape }),
  })),
  ...[
    [],
    [[]],
    Array(783).fill(0),
    Array(785).fill(0),
    [Array(784).fill(0)],
    [[[[0]]]],
    [Array(28).fill(Array(28).fill([0, 0]))],
    [Array(28).fill(Array(28).fill(0))],
    [...Array(783).fill(0), [0]],
    [[Array(28).fill([0])], ...Array(783).fill(0)],
    null,
    undefined,
    "AAAA",
    {},
    { length: 784 },
  ].map((data) => ({
    what: `data ${JSON.stringify(data)?.slice(0, 40)}`,
    status: 400,
    body: input({ data }),
    error: /data of input "image" must be/,
  })),
  {
    what: "two shapes' worth",
    status: 400,
    body: input({ shape: [2, 28, 28, 1] }),
    error: /1568 elements/,
  },
  {
    what: "an unknown output",
    status: 400,
    body: { ...good, outputs: [{ name: "logits" }] },
    error: /outputs must be the one "probabilities"/,
  },
  {
    what: "an output twice",
    status: 400,
    body: { ...good, outputs: Array(2).fill({ name: "probabilities" }) },
    error: /outputs must be the one "probabilities"/,
  },
  ...[-1, 1.5, "3", true, [1]].map((classification) => ({
    what: `classification ${classification}`,
    status: 400,
    body: output({ classification }),
    error: /classification/,
  })),
  { what: "2⁵³ classes", status: 400, body: output({ classification: 2 ** 53 }) },
  { what: "binary_data as text", status: 400, body: output({ binary_data: "false" }) },
  {
    what: "binary_data_output as a number",
    status: 400,
    body: { ...good, parameters: { binary_data_output: 1 } },
  },
];
