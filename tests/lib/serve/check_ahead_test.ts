import assert from "node:assert/strict";
import { createFixtureSource } from "../../../lib/registry/mod.ts";
import { createAheadCheck } from "../../../lib/serve/check_ahead.ts";

const source = createFixtureSource(new URL("../../../fixtures/models/", import.meta.url));
const [first, second] = await source.list();
const models = [first!, second!];

/** Names of the models that are read, given which are loaded and how long to wait. */
async function read(options: { after: number; isLoaded: (name: string) => boolean }) {
  const names: string[] = [];
  const counted = {
    ...source,
    read(manifest: (typeof models)[number]) {
      names.push(manifest.name);
      return Promise.resolve(new Uint8Array());
    },
  };
  const found: string[] = [];
  const check = createAheadCheck(counted, {
    recentFailure: () => null,
    fail: () => {},
    mend: ({ name }) => void found.push(name),
  }, { after: options.after, isLoaded: ({ name }) => options.isLoaded(name) });
  check.start(models);
  await new Promise((resolve) => setTimeout(resolve));
  check.stop();
  assert.deepEqual(found, names);
  return names;
}

Deno.test("weights are read ahead, but for those of models in memory", async () => {
  const [one, two] = models.map(({ name }) => name);
  assert.deepEqual(await read({ after: 0, isLoaded: () => false }), [one, two]);
  assert.deepEqual(await read({ after: 0, isLoaded: (name) => name === one }), [two]);
});

Deno.test("nothing is read ahead before its time", async () => {
  assert.deepEqual(await read({ after: 60_000, isLoaded: () => false }), []);
});
