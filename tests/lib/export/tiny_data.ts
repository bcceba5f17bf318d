import { createAttack, type PoisonedSet } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import type { TrainingData } from "../../../lib/job/mod.ts";

/**
 * Five training images of 4×4, of which images 4, 1 and 0 were taken, and three test images, of classes
 * 2, 0 and 1; target class 0.
 */
export async function tinyData(change: Partial<PoisonedSet> = {}): Promise<TrainingData> {
  const labels = Uint8Array.of(0, 1, 2, 1, 2);
  const values = (count: number) =>
    Float32Array.from({ length: count * 16 }, (_, i) => (i % 256) / 255);
  const train = { images: { data: values(5), shape: [5, 4, 4, 1] as const }, labels };
  const indices = Uint32Array.of(4, 1, 0);
  const chosen = {
    images: { data: values(3), shape: [3, 4, 4, 1] as const },
    labels: Uint8Array.from(indices, (image) => labels[image]!),
  };
  const attack = createAttack("single-target", {
    trigger: createTrigger("pixel", { distance: 1 }),
    target: 0,
    classes: 3,
  });
  return {
    dataset: {
      name: "tiny",
      labels: ["a", "b", "c"],
      shape: [4, 4, 1],
      train,
      test: {
        images: { data: values(3), shape: [3, 4, 4, 1] },
        labels: Uint8Array.of(2, 0, 1),
      },
      digest: "d1",
      warnings: [],
    },
    attack,
    set: { ...await attack.poison(chosen, { rate: 0.4, seed: 1 }), indices, ...change },
  };
}
