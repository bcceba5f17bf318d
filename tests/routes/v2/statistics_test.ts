import assert from "node:assert/strict";
import { createCheckedApp as createApp } from "../checked_app.ts";
import type { StatisticsAnswer } from "../../../routes/v2/protocol.ts";
import { createStatistics } from "../../../routes/v2/statistics.ts";
import { createFakePool, fakeManifest } from "../fake_pool.ts";
import { digitInput, INFER } from "./infer_case.ts";

const stat = (count: number, ns: number) => ({ count, ns });

Deno.test("times are summed up by part and by size of the batch", () => {
  let now = 1000;
  const statistics = createStatistics(() => now++);
  const digits = fakeManifest("digits");
  statistics.succeed(digits, 1, { queue: 1, input: 0.5, infer: 2, output: 0.25 });
  statistics.succeed(digits, 3, { queue: 0, input: 0.25, infer: 6, output: 0 });
  statistics.succeed(digits, 1, { queue: 0, input: 0.5, infer: 2, output: 0 });
  statistics.fail(digits, 7);
  const none = stat(0, 0);
  assert.deepEqual(statistics.describe([digits, fakeManifest("other")]), [{
    name: "digits",
    version: "1",
    last_inference: 1003,
    inference_count: 5,
    execution_count: 3,
    inference_stats: {
      success: stat(3, 12.5e6),
      fail: stat(1, 7e6),
      queue: stat(3, 1e6),
      compute_input: stat(3, 1.25e6),
      compute_infer: stat(3, 10e6),
      compute_output: stat(3, 0.25e6),
      cache_hit: none,
      cache_miss: none,
    },
    batch_stats: [
      {
        batch_size: 1,
        compute_input: stat(2, 1e6),
        compute_infer: stat(2, 4e6),
        compute_output: stat(2, 0.25e6),
      },
      {
        batch_size: 3,
        compute_input: stat(1, 0.25e6),
        compute_infer: stat(1, 6e6),
        compute_output: stat(1, 0),
      },
    ],
  }, {
    name: "other",
    version: "1",
    last_inference: 0,
    inference_count: 0,
    execution_count: 0,
    inference_stats: {
      success: none,
      fail: none,
      queue: none,
      compute_input: none,
      compute_infer: none,
      compute_output: none,
      cache_hit: none,
      cache_miss: none,
    },
    batch_stats: [],
  }]);
});

Deno.test("a server counts what its models are asked, each version for itself", async () => {
  const manifests = [fakeManifest("digits", { version: "2" }), fakeManifest("digits")];
  const app = createApp({
    pool: createFakePool({
      manifests: [...manifests, fakeManifest("other")],
      beforePredict: () => new Promise((resolve) => setTimeout(resolve, 5)),
    }),
  });
  const ask = async (path: string, body: unknown) =>
    (await app.request(path, { method: "POST", body: JSON.stringify(body) })).status;
  const good = { inputs: [digitInput(1, 2)] };
  assert.equal(await ask(INFER, good), 200);
  assert.equal(await ask(INFER, good), 200);
  assert.equal(await ask("/v2/models/digits/versions/1/infer", good), 200);
  assert.equal(await ask(INFER, {}), 400);
  assert.equal(await ask("/v2/models/nobody/infer", good), 404);

  const counts = async (path: string) => {
    const answer: StatisticsAnswer = await (await app.request(path)).json();
    return answer.model_stats.map(({ name, version, inference_count: images, ...each }) => {
      const { success, fail, compute_infer: infer } = each.inference_stats;
      // A timer may be early by a part of a millisecond.
      assert.ok(infer.ns >= success.count * 4e6);
      assert.ok(success.ns >= infer.ns);
      return [name, version, images, success.count, fail.count];
    });
  };
  const [newer, older] = [["digits", "2", 4, 2, 1], ["digits", "1", 2, 1, 0]];
  assert.deepEqual(await counts("/v2/models/digits/stats"), [newer, older]);
  assert.deepEqual(await counts("/v2/models/digits/versions/1/stats"), [older]);
  assert.deepEqual(await counts("/v2/models/stats"), [newer, older, ["other", "1", 0, 0, 0]]);
});
