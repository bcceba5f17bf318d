/**
 * The way of a row's loss through a training, where ABL looks at its end alone.
 *
 * @module
 */

import { defineRowDefence } from "./define_row_defence.ts";
import { isolatedShares, STEPS } from "./loss_isolation.ts";

/** Updates after which losses are looked at early: while images are learnt, and a trigger is not. */
const EARLY = [25, 50, 75, 100, 150, 200, 300] as const;

/** What a loss is from which on a row is learnt; nats. */
const LEARNT = 1e-3;

/**
 * ln of how many times the mean early loss is that after a thousand steps. A poisoned row's label
 * contradicts its image, so that its loss is high as long as the image is all that the network reads, and
 * falls to nothing with the trigger. Hard images have high losses too, but keep them.
 */
export const lossTrajectory = defineRowDefence({
  name: "abl-trajectory",
  title: "ABL by trajectory",
  summary:
    "Trains a model anew, and looks which rows it first disbelieves and then learns by heart.",
  needs: ["training"],
  forwards: ({ rows }) => (EARLY.length + 1) * rows.shape[0],
  async score(subject, options) {
    const { losses, cost } = await subject.losses!([...EARLY, STEPS], options);
    const [last, early] = [losses.at(-1)!, losses.slice(0, -1)];
    const scores = last.map((loss, row) => {
      const mean = early.reduce((sum, of) => sum + of[row]!, 0) / early.length;
      return Math.log((mean + LEARNT) / (loss + LEARNT));
    });
    return { scores, statistics: isolatedShares(scores, subject), cost };
  },
});
