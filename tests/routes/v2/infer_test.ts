import assert from "node:assert/strict";
import { BusyError, IntegrityError, ModelError } from "../../../lib/core/errors.ts";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool, fakeManifest } from "../fake_pool.ts";
import {
  binaryInput,
  compress,
  digitInput,
  digitValues,
  HEADER,
  INFER,
  infer,
  splitAnswer,
  withTensors,
} from "./infer_case.ts";

/** The class of the largest of ten probabilities, image by image. */
function labelsOf(data: ArrayLike<number>): number[] {
  const rows = Array.from(
    { length: data.length / 10 },
    (_, n) => Array.from(data).slice(n * 10, n * 10 + 10),
  );
  return rows.map((row) => row.indexOf(Math.max(...row)));
}

async function answerOf(response: Response) {
  assert.equal(response.status, 200, await response.clone().text());
  assert.equal(response.headers.get("Content-Type"), "application/json");
  return await response.json();
}

async function binaryAnswerOf(response: Response) {
  assert.equal(response.status, 200, await response.clone().text());
  assert.equal(response.headers.get("Content-Type"), "application/octet-stream");
  return await splitAnswer(response);
}

Deno.test("a batch as flat JSON is answered by the probabilities of each image", async () => {
  const answer = await answerOf(await infer({ inputs: [digitInput(3, 0, 9)] }));
  const { data, ...output } = answer.outputs[0];
  assert.deepEqual(output, { name: "probabilities", datatype: "FP32", shape: [3, 10] });
  assert.deepEqual(labelsOf(data), [3, 0, 9]);
  assert.deepEqual(
    { ...answer, outputs: answer.outputs.length },
    { model_name: "digits", model_version: "1", outputs: 1 },
  );
});

Deno.test("data nested as the shape is means the same as flat data", async () => {
  const input = digitInput(4, 7);
  const rows = (image: number) =>
    Array.from(
      { length: 28 },
      (_, y) => Array.from({ length: 28 }, (_, x) => [input.data[image * 784 + y * 28 + x]]),
    );
  const nested = { ...input, data: [rows(0), rows(1)] };
  assert.deepEqual(
    await answerOf(await infer({ inputs: [nested] })),
    await answerOf(await infer({ inputs: [input] })),
  );
});

Deno.test("an id is answered as it came, and left out if there was none", async () => {
  for (const id of ["42", "", "Ω\n"]) {
    assert.equal((await answerOf(await infer({ id, inputs: [digitInput(1)] }))).id, id);
  }
  assert.equal("id" in await answerOf(await infer({ inputs: [digitInput(1)] })), false);
});

Deno.test("what the protocol does not name is ignored, as is the content type", async () => {
  const request = {
    "model_name": "another",
    inputs: [{ ...digitInput(5), parameters: { content_type: "np" } }],
    outputs: [{ name: "probabilities", parameters: { colour: "red" } }],
    parameters: { timeout: 1, priority: 2, sequence_id: 3, sequence_start: true, own: "x" },
    extra: { deep: [[]] },
  };
  const types = ["", "text/plain", "application/octet-stream", "multipart/form-data", "image/png"];
  for (const type of types) {
    const response = await infer(request, { headers: { "Content-Type": type } });
    assert.deepEqual(labelsOf((await answerOf(response)).outputs[0].data), [5], type);
  }
});

Deno.test("no outputs asked for, or none named, are all outputs", async () => {
  for (const outputs of [undefined, [], [{ name: "probabilities" }]]) {
    const answer = await answerOf(await infer({ inputs: [digitInput(1)], outputs }));
    assert.deepEqual(answer.outputs.map(({ name }: { name: string }) => name), ["probabilities"]);
  }
});

Deno.test("tensors go there and back as bytes behind the JSON", async () => {
  const request = { inputs: [binaryInput(2)], parameters: { binary_data_output: true } };
  const { body, headers } = withTensors(request, digitValues(6, 8));
  const { json, bytes } = await binaryAnswerOf(await infer(body, { headers }));
  assert.deepEqual(json, {
    model_name: "digits",
    model_version: "1",
    outputs: [{
      name: "probabilities",
      datatype: "FP32",
      shape: [2, 10],
      parameters: { binary_data_size: 80 },
    }],
  });
  assert.equal(bytes.length, 80);
  assert.deepEqual(labelsOf(new Float32Array(bytes.buffer)), [6, 8]);
});

Deno.test("bytes are answered by JSON unless bytes are asked for, and an output's wish goes first", async () => {
  const cases = [
    [undefined, undefined, false],
    [true, undefined, true],
    [undefined, true, true],
    [true, false, false],
    [false, true, true],
  ] as const;
  for (const [all, own, isBinary] of cases) {
    const { body, headers } = withTensors({
      inputs: [binaryInput(1)],
      outputs: [{ name: "probabilities", parameters: { binary_data: own } }],
      parameters: { binary_data_output: all },
    }, digitValues(2));
    const response = await infer(body, { headers });
    assert.equal(response.headers.has(HEADER), isBinary, `${all}, ${own}`);
    const data = isBinary
      ? new Float32Array((await binaryAnswerOf(response)).bytes.buffer)
      : (await answerOf(response)).outputs[0].data;
    assert.deepEqual(labelsOf(data), [2]);
  }
});

Deno.test("JSON alone may have the header too, and be answered by bytes", async () => {
  const { body, headers } = withTensors({
    inputs: [digitInput(2)],
    parameters: { binary_data_output: true },
  }, new Uint8Array());
  const { bytes } = await binaryAnswerOf(await infer(body, { headers }));
  assert.deepEqual(labelsOf(new Float32Array(bytes.buffer)), [2]);
});

Deno.test("a header of 0 makes the whole body one image's tensor", async () => {
  const body = new Uint8Array(digitValues(7).buffer);
  const { json, bytes } = await binaryAnswerOf(await infer(body, { headers: { [HEADER]: "0" } }));
  assert.deepEqual(json.outputs[0].shape, [1, 10]);
  assert.deepEqual(labelsOf(new Float32Array(bytes.buffer)), [7]);
});

/** The texts of a BYTES tensor. */
function textsOf(bytes: Uint8Array<ArrayBuffer>): string[] {
  const texts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const length = new DataView(bytes.buffer).getUint32(start, true);
    texts.push(new TextDecoder().decode(bytes.subarray(start + 4, start + 4 + length)));
    start += 4 + length;
  }
  return texts;
}

Deno.test("classification answers the most probable classes with our labels, as JSON and as bytes", async () => {
  const labels = [..."abcdefgh", "é:☃", ""];
  const app = createApp({
    pool: createFakePool({ manifests: [fakeManifest("digits", { labels })] }),
  });
  const ask = async (parameters: object) => {
    const outputs = [{ name: "probabilities", parameters }];
    const body = JSON.stringify({ inputs: [digitInput(8, 2)], outputs });
    return await app.request(INFER, { method: "POST", body });
  };
  const expected = ["0.750000:8:é:☃", "0.027778:0:a", "0.750000:2:c", "0.027778:0:a"];

  const { outputs: [output] } = await answerOf(await ask({ classification: 2 }));
  assert.deepEqual(output, {
    name: "probabilities",
    datatype: "BYTES",
    shape: [2, 2],
    data: expected,
  });

  const { json, bytes } = await binaryAnswerOf(
    await ask({ classification: 2, binary_data: true }),
  );
  assert.deepEqual(json.outputs[0], {
    name: "probabilities",
    datatype: "BYTES",
    shape: [2, 2],
    parameters: { binary_data_size: bytes.length },
  });
  assert.deepEqual(textsOf(bytes), expected);

  const many = await answerOf(await ask({ classification: 99 }));
  assert.deepEqual(many.outputs[0].shape, [2, 10]);
  assert.equal(many.outputs[0].data[9], "0.027778:9:");
  const none = await answerOf(await ask({ classification: 0 }));
  assert.equal(none.outputs[0].datatype, "FP32");
});

Deno.test("compressed requests are inflated, and the header counts inflated JSON", async () => {
  const json = JSON.stringify({ inputs: [digitInput(3)] });
  const binary = withTensors({ inputs: [binaryInput(1)] }, digitValues(3));
  for (const encoding of ["gzip", "deflate"] as const) {
    const headers = { "Content-Encoding": encoding };
    const small = await compress(json, encoding);
    assert.ok(small.length < json.length / 5);
    const answers = [
      await infer(small, { headers }),
      await infer(await compress(binary.body, encoding), {
        headers: { ...binary.headers, "Content-Encoding": ` ${encoding.toUpperCase()}` },
      }),
    ];
    for (const response of answers) {
      assert.deepEqual(labelsOf((await answerOf(response)).outputs[0].data), [3], encoding);
    }
  }
  await answerOf(await infer(json, { headers: { "Content-Encoding": "identity" } }));
});

Deno.test("a version is asked by its name, the current one if none is named", async () => {
  const older = fakeManifest("digits", { labels: [..."0123456789"].toReversed() });
  const newer = fakeManifest("digits", { version: "2" });
  const app = createApp({ pool: createFakePool({ manifests: [newer, older] }) });
  const body = JSON.stringify({ inputs: [digitInput(1)] });
  for (const [path, version] of [["", "2"], ["/versions/2", "2"], ["/versions/1", "1"]] as const) {
    const path_ = `/v2/models/digits${path}/infer`;
    const answer = await answerOf(await app.request(path_, { method: "POST", body }));
    assert.equal(answer.model_version, version, path);
  }
  for (const path of ["/v2/models/digits/versions/3/infer", "/v2/models/nobody/infer"]) {
    const response = await app.request(path, { method: "POST", body });
    assert.equal(response.status, 404);
    assert.deepEqual(Object.keys(await response.json()), ["error"]);
  }
});

Deno.test("a model that cannot be loaded is not ready, and a busy server says so", async () => {
  const body = JSON.stringify({ inputs: [digitInput(1)] });
  for (const error of [new IntegrityError("Cannot read"), new ModelError("Cannot load")]) {
    const pool = createFakePool({
      beforeLoad: () => {
        throw error;
      },
    });
    const app = createApp({ pool });
    const asked = [
      await app.request(INFER, { method: "POST", body }),
      await app.request("/v2/models/digits/ready"),
    ];
    for (const response of asked) {
      assert.equal(response.status, 503);
      assert.deepEqual(await response.json(), { error: error.message });
    }
    assert.equal((await app.request("/v2/models/digits")).status, 200);
  }
  const beforePredict = () => {
    throw new BusyError("Cannot take more");
  };
  const busy = await createApp({ pool: createFakePool({ beforePredict }) })
    .request(INFER, { method: "POST", body });
  assert.equal(busy.status, 503);
  assert.ok(busy.headers.has("Retry-After"));
});

Deno.test("two requests at once get each their own answer", async () => {
  const app = createApp({ pool: createFakePool() });
  const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const answers = await Promise.all(digits.map(async (digit) => {
    const body = JSON.stringify({ id: `${digit}`, inputs: [digitInput(digit)] });
    return await answerOf(await app.request(INFER, { method: "POST", body }));
  }));
  assert.deepEqual(answers.map(({ outputs }) => labelsOf(outputs[0].data)[0]), digits);
  assert.deepEqual(answers.map(({ id }) => id), digits.map(String));
});
