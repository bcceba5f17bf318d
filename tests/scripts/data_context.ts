import type { DataContext } from "../../scripts/training_data.ts";

/** What data is made with in tests: nobody looks on, and nothing stops it. */
export function dataContext(changes: Partial<DataContext> = {}): DataContext {
  return {
    progress: { update() {}, note() {}, stop() {} },
    signal: new AbortController().signal,
    network: { model: "badnets", recipe: "one-cycle", epochs: 1, workers: 1 },
    ...changes,
  };
}
