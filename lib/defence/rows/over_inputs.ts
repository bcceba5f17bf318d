/**
 * Defences of inputs, on training sets: what gives away a triggered image at serving time does so among
 * the rows that a model was trained on, too.
 *
 * @module
 */

import { calibrateWithScores, type InputDefence, thresholdAt } from "../input/mod.ts";
import { defineRowDefence } from "./define_row_defence.ts";
import type { RowDefence } from "./row_defence.ts";
import { chunksOf, rowsOfClasses } from "./rows.ts";

/** The rate of false alarms by which a class is judged. */
const RATE = 0.05;

/**
 * Makes a defence of training sets of one of inputs. Half of the reference, drawn by the seed, makes the
 * profile; a row's score is that of its image. A class's statistic is the share of its rows that score
 * higher than 95 % of the other half.
 */
export function overInputs(defence: InputDefence): RowDefence {
  return defineRowDefence({
    name: defence.name,
    title: `${defence.title} over rows`,
    summary: `${defence.summary} Here of each row of a training set.`,
    needs: ["model", "reference", ...defence.needs],
    forwards({ rows, reference, model }) {
      const clean = reference?.labels.length ?? 0;
      const fit = Math.floor(clean / 2);
      const profile = model === undefined ? 0 : defence.calibrationForwards(fit, model);
      return profile + (clean - fit + rows.shape[0]) * defence.forwards;
    },
    async score({ rows, classes, model, reference }, { seed, signal, onProgress }) {
      const [count] = rows.shape;
      const groups = rowsOfClasses(rows.labels, classes);
      const { images: clean } = reference!;
      const fit = Math.floor(clean.shape[0] / 2);
      const ahead = (clean.shape[0] - fit) / (clean.shape[0] - fit + count);
      const { profile, scores: harmless, cost } = await calibrateWithScores(
        defence,
        { model: model!, clean },
        { seed, signal, fit, onProgress: (share) => onProgress?.(share * ahead) },
      );
      const threshold = thresholdAt(harmless, RATE);
      const scores = new Float32Array(count);
      let { forwards } = cost;
      for (const { first, images } of chunksOf(rows)) {
        const found = await defence.score(model!, images, profile, { signal });
        scores.set(found.scores, first);
        forwards += found.cost.forwards;
        onProgress?.(ahead + (first + images.shape[0]) / count * (1 - ahead));
      }
      const shareOf = (group: Uint32Array) =>
        group.filter((row) => scores[row]! > threshold).length / (group.length || 1);
      return {
        scores,
        statistics: Float32Array.from(groups, shareOf),
        cost: { forwards, backwards: 0 },
      };
    },
  });
}
