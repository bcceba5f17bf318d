/**
 * Progress of long runs on standard error: a bar on a terminal, else a line now and then.
 *
 * @module
 */

// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import type { TrainProgress } from "../../lib/train/mod.ts";
import { formatDuration } from "../../lib/core/format.ts";
import { printLine } from "./print_line.ts";

/** Seconds between lines where standard error is no terminal. */
const LINE_EVERY = 10;

/** Shows runs, one after the other. */
export interface ProgressDisplay<Progress = TrainProgress> {
  /** Shows how far the run has come. */
  update(progress: Progress): void;
  /** Prints a line of its own, above the bar. */
  note(line: string): void;
  /** Ends the display of a run. */
  stop(): void;
}

/** How a kind of run is shown. */
export interface ProgressStyle<Progress> {
  /** The bar, as cli-progress takes it: `{bar}`, `{percentage}` and the names of `describe`. */
  readonly bar: string;
  /** The line. */
  readonly line: (progress: Progress) => string;
  readonly describe: (progress: Progress) => Readonly<Record<string, string | number>>;
  /** What is done of what there is to do, and the seconds that it took. */
  readonly position: (
    progress: Progress,
  ) => { readonly done: number; readonly total: number; readonly seconds: number };
}

/** A training run: epoch, loss, speed. */
const trainingStyle: ProgressStyle<TrainProgress> = {
  bar: "epoch {epoch} {bar} {percentage}% · loss {loss} · {speed} images/s · {left} left",
  line(progress) {
    const { epoch, loss, speed, left } = describe(progress);
    const percent = Math.floor(100 * progress.images / progress.totalImages);
    return `epoch ${epoch}: ${percent} %, loss ${loss}, ${speed} images/s, ${left} left`;
  },
  describe,
  position: ({ images, totalImages, seconds }) => ({ done: images, total: totalImages, seconds }),
};

/** Begins a display of training runs on standard error. */
export function createProgress(): ProgressDisplay {
  return createDisplay(trainingStyle);
}

/** Begins a display on standard error. */
export function createDisplay<Progress>(style: ProgressStyle<Progress>): ProgressDisplay<Progress> {
  return Deno.stderr.isTerminal() ? createBar(style) : createLines(style);
}

function createBar<Progress>(
  { bar: format, describe, position }: ProgressStyle<Progress>,
): ProgressDisplay<Progress> {
  let bar: SingleBar | null = null;
  const stop = () => {
    bar?.stop();
    bar = null;
  };
  return {
    update(progress) {
      const { done, total } = position(progress);
      if (bar === null) {
        bar = new SingleBar({
          format,
          barCompleteChar: "█",
          barIncompleteChar: "░",
          barsize: 16,
          // Nothing is set on the terminal that a killed process would leave behind: the cursor
          // stays, and cli-progress itself cuts lines that would wrap.
          hideCursor: false,
          linewrap: true,
          clearOnComplete: true,
          fps: 5,
          gracefulExit: false,
        });
        bar.start(total, done, describe(progress));
      } else {
        bar.update(done, describe(progress));
      }
    },
    note(line) {
      stop();
      printLine(line);
    },
    stop,
  };
}

function createLines<Progress>(
  { line, position }: ProgressStyle<Progress>,
): ProgressDisplay<Progress> {
  let printedAt = -Infinity;
  return {
    update(progress) {
      const { seconds } = position(progress);
      if (seconds - printedAt < LINE_EVERY) return;
      printedAt = seconds;
      printLine(line(progress));
    },
    note: printLine,
    stop() {
      printedAt = -Infinity;
    },
  };
}

function describe({ epoch, epochs, images, totalImages, loss, seconds }: TrainProgress) {
  const speed = images / seconds;
  return {
    epoch: `${epoch}/${epochs}`,
    loss: loss.toFixed(4),
    speed: Math.round(speed),
    left: formatDuration((totalImages - images) / speed),
  };
}
