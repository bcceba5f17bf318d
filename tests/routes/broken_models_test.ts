import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createFixtureSource, createKvModelStore, overlay } from "../../lib/registry/mod.ts";
import { createModelPool } from "../../lib/serve/mod.ts";
import { createCheckedApp as createApp } from "./checked_app.ts";
import { fakeManifest } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

await tf.setBackend("wasm");

const bundled = createFixtureSource(new URL("../../fixtures/models/", import.meta.url));
const body = digitPng(7);

/** Runs a test with the bundled pair, and a newer backdoored model in a store that claims this size. */
async function withBadModel(
  input: readonly [number, number, number],
  test: (
    ask: (path: string, init?: RequestInit) => Promise<Response>,
    reports: Error[],
  ) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv, { now: () => Date.UTC(2100, 0, 1) });
  const [good] = await bundled.list();
  await store.save("bad", await bundled.read(good!), fakeManifest("bad", { input }));
  using pool = createModelPool(overlay(store, bundled));
  const reports: Error[] = [];
  const app = createApp({
    pool,
    log: (_level, _message, { error } = {}) => void reports.push(error!),
  });
  await test(async (path, init) => await app.request(path, init), reports);
}

Deno.test("a newest model that cannot be used leaves the rest as it was, and is named", () =>
  withBadModel([28, 14, 1], async (ask) => {
    const ready = await ask("/v2/health/ready");
    assert.equal(ready.status, 200);
    const { problems } = await ready.json();
    assert.equal(problems[0].name, "bad");
    assert.match(problems[0].problem, /"bad" version 1: its input must be .*\(28,28,1\)/);

    const attack = await ask("/api/attack", { method: "POST", body });
    assert.equal(attack.status, 200);
    const { original: { predictions } } = await attack.json();
    assert.equal(predictions[0].model, "mnist-article-single-target-pattern");
    const listed = await (await ask("/api/models")).json();
    assert.equal(listed.models.length, (await bundled.list()).length);
    assert.deepEqual(listed.problems, problems);
  }));

Deno.test("a model that cannot be used is an error of its own, which nobody is told to repeat", () =>
  withBadModel([20_000, 20_000, 1], async (ask, reports) => {
    const paths = ["/api/classify", "/api/attack", "/api/poison"];
    for (const path of paths) {
      const response = await ask(`${path}?model=bad`, { method: "POST", body });
      assert.equal(response.status, 500, path);
      const { detail } = await response.json();
      assert.match(detail, /model "bad".*got \(20000,20000,1\)/);
      assert.doesNotMatch(detail, /try again/);
    }
    assert.equal(reports.length, paths.length);
  }));
