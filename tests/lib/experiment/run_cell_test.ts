/** A cell from its options to its figures, on a little of MNIST. */

import assert from "node:assert/strict";
import { planCell, runCell } from "../../../lib/experiment/mod.ts";
import type { TrainRequest } from "../../../lib/job/mod.ts";
import { jobContext } from "../job/job_context.ts";
import { withFolder } from "../../scripts/run_command.ts";

const train: TrainRequest & { workers: number } = {
  ...{ model: "badnets", attack: "clean-label", target: 3, poisonRate: 0.5, limit: 1500 },
  ...{ perturbation: "pgd", norm: 2, eps: 2, epsStep: 1, steps: 2 },
  ...{ epochs: 3, batchSize: 32, seed: 1, workers: 1 },
};

Deno.test("a cell climbs its ladder; its figures, command and extras are of the step it took", () =>
  withFolder(async (perturbedDir) => {
    const shares: number[] = [];
    const { figures, command, id, job } = await runCell(
      planCell({
        ...{ id: "tiny", group: "tiny ones" },
        options: {
          // At this rate nothing is learnt.
          train: { ...train, learningRateFactor: 1e-6 },
          ladder: { enough: 0.5, steps: [{ learningRateFactor: 2, epochs: 8 }, {}] },
          filters: true,
          examples: 3,
          ranked: { sets: { "clean-label pgd": train }, rowsForEach: [1] },
        },
      }),
      {
        runtime: jobContext().runtime,
        ...{ experiment: "badnets", perturbedDir },
        onProgress: (share) => shares.push(share),
        signal: new AbortController().signal,
      },
    );

    assert.deepEqual([id, job.epochs], ["tiny", 3]);
    assert.deepEqual([figures.taken, figures.converged], [1, true]);
    assert.deepEqual(figures.attempts.map(({ name }) => name), [
      "as it is",
      "--learning-rate-factor 2 --epochs 8",
    ]);
    const [before, after] = figures.attempts.map(({ learnt }) => learnt!);
    assert.ok(before! < 0.5 && after! >= 0.5 && figures.learnt === after, `${before}, ${after}`);
    assert.match(
      command,
      /^deno task train .*--epochs 8 .*--learning-rate-factor 2 --name badnets-tiny$/,
    );

    assert.deepEqual(figures.filters!.shape.slice(0, 3), [5, 5, 1]);
    assert.equal(figures.examples!.length, 3);
    for (const { original, poisoned } of figures.examples!) {
      assert.match(original, /^data:image\/png;base64,/);
      assert.notEqual(poisoned, original);
    }
    const [filtered] = figures.filter!;
    assert.equal(filtered!.poisoned, figures.poisoned);
    assert.equal(filtered!.found[0]!.top, figures.poisoned);

    assert.ok(shares.every((share) => share > 0 && share <= 1) && shares.at(-1) === 1);
    const falls = shares.filter((share, i) => i > 0 && share < shares[i - 1]!);
    assert.equal(falls.length, 1, "where the second attempt begins, not after each proxy");
    const kept = [...Deno.readDirSync(perturbedDir)].map(({ name }) => name);
    assert.equal(kept.length, 3, "a class by the proxy of each recipe, whole");
  }));

Deno.test("a cell whose every attempt diverges says so", () =>
  withFolder(async (perturbedDir) => {
    const options = {
      train: { model: "badnets", attack: "none", limit: 800, learningRateFactor: 1e30, workers: 1 },
    };
    await assert.rejects(
      runCell(planCell({ id: "wild", group: "wild ones", options }), {
        runtime: jobContext().runtime,
        ...{ experiment: "badnets", perturbedDir },
        onProgress() {},
        signal: new AbortController().signal,
      }),
      /loss must be a finite number, and was not at the end of 1 attempt; lower/,
    );
  }));
