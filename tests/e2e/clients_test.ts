/**
 * Stock clients of the Open Inference Protocol, unchanged from PyPI, against a real server. Each has a
 * program in `clients`, which prints what the client found.
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { loadDataset } from "../../lib/data/mod.ts";
import { readImages } from "../../lib/evaluate/predictions.ts";
import { startEngine } from "../../lib/job/backend.ts";
import { createFixtureSource } from "../../lib/registry/mod.ts";
import { loadModel } from "../../lib/registry/tfjs.ts";
import { commandRuntime } from "../../scripts/cli/runtime.ts";
import "../../lib/wasm/mod.ts";
import { setBackend } from "../../lib/core/tfjs.ts";
import { startServer } from "./server.ts";

/** A bundled model. */
const MODEL = "mnist-article-single-target-pattern";

/** Images that each client asks for. */
const IMAGES = 1000;

/** What a client's program prints. */
interface Findings {
  /** Answers to every question whether server and model are live and ready. */
  readonly ready: readonly boolean[];
  /** The same of models and versions that there are not. */
  readonly unready?: readonly boolean[];
  readonly server?: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
  /** The most probable class of the first images, by the way in which they were asked for. */
  readonly labels: Readonly<Record<string, readonly number[]>>;
  readonly errors?: Readonly<Record<string, { status: number | string; message: string } | null>>;
}

/** What only tritonclient asks for. */
interface TritonFindings extends Findings {
  readonly outputs: readonly unknown[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly index: readonly Readonly<Record<string, unknown>>[];
  readonly statistics: readonly {
    readonly inference_count: number;
    readonly inference_stats: Readonly<Record<string, { count: number; ns: number }>>;
  }[];
}

interface PydanticFindings extends Findings {
  readonly shapes: readonly string[];
}

/** The first test images, and the classes that the project's evaluation finds in them. */
async function readTestImages() {
  const { test: { images } } = await loadDataset("mnist");
  const [, ...size] = images.shape;
  const data = images.data.slice(0, IMAGES * 784);
  const source = createFixtureSource(new URL("../../fixtures/models/", import.meta.url));
  const manifest = await source.find(MODEL);
  assert.ok(manifest);
  await setBackend("wasm");
  const engine = await startEngine(await loadModel(source, manifest), commandRuntime(), {
    workers: 1,
  });
  try {
    const batch = { data, shape: [IMAGES, ...size] as const };
    const { labels } = await readImages((each) => engine.classify(each), batch);
    return { data, labels: [...labels] };
  } finally {
    engine.dispose();
  }
}

/** The Python that has a client. */
function pythonOf(variable: string): string {
  const python = Deno.env.get(variable);
  assert.ok(python, `${variable} must name a Python with the clients; deno task test sets it`);
  return python;
}

async function runClient<T extends Findings>(
  program: string,
  { python, args }: { python: string; args: readonly string[] },
): Promise<T> {
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [fileURLToPath(new URL(`clients/${program}.py`, import.meta.url)), ...args],
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.ok(success, `${program}: ${text(stderr)}`);
  return JSON.parse(text(stdout));
}

const metadata = {
  name: MODEL,
  versions: ["1"],
  platform: "edgedoor_safetensors",
  inputs: [{ name: "image", datatype: "FP32", shape: [-1, 28, 28, 1] }],
  outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 10] }],
};

/** What is the same for every client. */
function checkFindings(
  { ready, unready = [], server, model, labels, errors = {} }: Findings,
  expected: readonly number[],
): void {
  assert.ok(ready.length > 0 && ready.every((each) => each === true), `${ready}`);
  assert.ok(unready.every((each) => each === false), `${unready}`);
  if (server) assert.equal(server.name, "edgedoor");
  if (model) assert.deepEqual(model, metadata);
  assert.equal(labels.json!.length, IMAGES);
  for (const [way, found] of Object.entries(labels)) {
    assert.ok(found.length >= 10, way);
    assert.deepEqual(found, expected.slice(0, found.length), way);
  }
  const { unknown = null, ...others } = errors;
  if (unknown) assert.equal(Number(unknown.status), 404);
  for (const [what, error] of Object.entries(others)) {
    assert.equal(Number(error?.status), 400, what);
    assert.match(error!.message, /Cannot/, what);
  }
}

Deno.test("stock clients find every image to be what evaluate finds", async (t) => {
  const { data, labels } = await readTestImages();
  const file = await Deno.makeTempFile({ suffix: ".f32" });
  await Deno.writeFile(file, new Uint8Array(data.buffer));
  await using server = await startServer();
  const args = [server.url.replace(/\/$/, ""), MODEL, file];
  const [clients, kserve] = ["EDGEDOOR_TEST_OIP_CLIENTS", "EDGEDOOR_TEST_KSERVE"].map(pythonOf);
  const run = <T extends Findings>(program: string, python = clients!) =>
    runClient<T>(program, { python, args });

  await t.step("tritonclient[http]", async () => {
    const found = await run<TritonFindings>("tritonclient_sync");
    checkFindings(found, labels);
    assert.equal(found.labels.binary!.length, IMAGES);
    assert.deepEqual(found.outputs, ["42", 2, 10]);
    assert.equal(found.config.max_batch_size, 1337);
    assert.deepEqual(
      found.index.map(({ name, version, state }) => [name, version, state]).sort(),
      [["mnist-article-clean", "1", "READY"], [MODEL, "1", "READY"]],
    );
    const [counts] = found.statistics;
    const { success, fail } = counts!.inference_stats;
    const asked = Object.values(found.labels).reduce((sum, { length }) => sum + length, 2);
    assert.deepEqual([counts!.inference_count, fail!.count], [asked, 3]);
    assert.ok(success!.ns > 0);
  });

  await t.step("tritonclient[http].aio", async () => {
    const found = await run("tritonclient_aio");
    checkFindings(found, labels);
    assert.equal(found.labels.binary!.length, IMAGES);
  });

  await t.step("kserve", async () => {
    const found = await run("kserve_client", kserve);
    checkFindings(found, labels);
    assert.equal(found.labels.binary!.length, IMAGES);
    assert.match(found.errors!.unknown!.message, /^Cannot find model "nobody"/);
  });

  await t.step("open-inference-openapi", async () => {
    checkFindings(await run("open_inference_openapi"), labels);
  });

  await t.step("pydantic-open-inference", async () => {
    const found = await run<PydanticFindings>("pydantic_client");
    checkFindings(found, labels);
    for (const shapes of found.shapes) assert.match(shapes, /!= \[-1, 28, 28, 1\] \(remote\)$/);
  });

  await Deno.remove(file);
});
