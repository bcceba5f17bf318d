/**
 * Defences of inputs, on training sets: what gives away a triggered image at serving time does so among
 * the rows that a model was trained on, too.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import { selectImages } from "../../core/select_images.ts";
import type { ImageBatch } from "../../core/types.ts";
import { type InputDefence, thresholdAt } from "../input/mod.ts";
import { defineRowDefence } from "./define_row_defence.ts";
import type { RowDefence } from "./row_defence.ts";
import { chunksOf, rowsOfClasses } from "./rows.ts";

/** The rate of false alarms by which a class is judged. */
const RATE = 0.05;

/**
 * Makes a defence of training sets of one of inputs. Half of the reference, drawn by the seed, makes the
 * profile; a row's score is that of its image. A class's statistic is which share of its rows scores
 * higher than 95 % of the other half, less the share of its clean images that does: those of some classes
 * score higher than others'.
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
      const { images: clean, labels } = reference!;
      const [count, size] = [rows.shape[0], labels.length];
      const groups = rowsOfClasses(rows.labels, classes);
      const order = createRandom(seed, "split").shuffle(Uint32Array.from(labels.keys()));
      const half = Math.floor(size / 2);
      const { profile, cost } = await defence.calibrate(
        model!,
        selectImages(clean, order.subarray(0, half)),
        { seed, signal },
      );
      let { forwards } = cost;
      const scoresOf = async (images: ImageBatch) => {
        const found = await defence.score(model!, images, profile, { signal });
        forwards += found.cost.forwards;
        return found.scores;
      };
      const others = order.subarray(half);
      const harmless = await scoresOf(selectImages(clean, others));
      const scores = new Float32Array(count);
      for (const { first, images } of chunksOf(rows)) {
        scores.set(await scoresOf(images), first);
        onProgress?.((first + images.shape[0]) / count);
      }
      const threshold = thresholdAt(harmless, RATE);
      const shareAbove = (of: Float32Array) =>
        of.filter((score) => score > threshold).length / (of.length || 1);
      const statistics = Float32Array.from(groups, (group, label) => {
        const known = harmless.filter((_, i) => labels[others[i]!] === label);
        const share = shareAbove(Float32Array.from(group, (row) => scores[row]!));
        return group.length > 0 ? share - shareAbove(known) : 0;
      });
      return { scores, statistics, cost: { forwards, backwards: 0 } };
    },
  });
}
