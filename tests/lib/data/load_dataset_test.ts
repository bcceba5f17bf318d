import assert from "node:assert/strict";
import { NotFoundError } from "../../../lib/core/errors.ts";
import { datasetDefinitions, loadDataset } from "../../../lib/data/mod.ts";

Deno.test("the data sets of the contract are listed, each once", () => {
  const names = datasetDefinitions.map(({ name }) => name);
  for (const name of ["mnist", "fashion-mnist", "cifar10"]) assert.ok(names.includes(name), name);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("an unknown data set is an error that lists the known ones", async () => {
  await assert.rejects(loadDataset("imagenet"), (error) => {
    assert(error instanceof NotFoundError);
    assert.equal(
      error.message,
      `Cannot load data set: name must be one of ${
        datasetDefinitions.map(({ name }) => name).join(", ")
      }, got imagenet`,
    );
    return true;
  });
});

for (const { name } of datasetDefinitions) {
  Deno.test(`${name} from an empty folder is an error that names the folder`, async () => {
    const dataDir = await Deno.makeTempDir();
    try {
      await assert.rejects(loadDataset(name, { dataDir }), (error) => {
        assert(error instanceof NotFoundError);
        assert(error.message.includes(dataDir));
        return true;
      });
    } finally {
      await Deno.remove(dataDir);
    }
  });
}
