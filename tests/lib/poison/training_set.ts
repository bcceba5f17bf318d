import type { LabelledImages } from "../../../lib/core/types.ts";

/** Blank 4×4 images: `counts[c]` of each class c, the classes taking turns. */
export function trainingSet(counts: readonly number[]): LabelledImages {
  const left = [...counts];
  const labels: number[] = [];
  while (left.some((count) => count > 0)) {
    left.forEach((count, label) => {
      if (count === 0) return;
      labels.push(label);
      left[label] = count - 1;
    });
  }
  return {
    images: { data: new Float32Array(labels.length * 16), shape: [labels.length, 4, 4, 1] },
    labels: Uint8Array.from(labels),
  };
}
