/**
 * Progress of a training run on standard error: a bar on a terminal, else a line now and then.
 *
 * @module
 */

// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import type { TrainProgress } from "../lib/train/mod.ts";
import { formatDuration } from "./format.ts";
import { printLine } from "./print_line.ts";

/** Seconds between lines where standard error is no terminal. */
const LINE_EVERY = 10;

/** Shows training runs, one after the other. */
export interface ProgressDisplay {
  /** Shows how far the run has come. */
  update(progress: TrainProgress): void;
  /** Prints a line of its own, above the bar. */
  note(line: string): void;
  /** Ends the display of a run. */
  stop(): void;
}

/** Begins a display on standard error. */
export function createProgress(): ProgressDisplay {
  return Deno.stderr.isTerminal() ? createBar() : createLines();
}

function createBar(): ProgressDisplay {
  let bar: SingleBar | null = null;
  const stop = () => {
    bar?.stop();
    bar = null;
  };
  return {
    update(progress) {
      if (bar === null) {
        bar = new SingleBar({
          format:
            "epoch {epoch} {bar} {percentage}% · loss {loss} · {speed} images/s · {left} left",
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
        bar.start(progress.totalImages, progress.images, describe(progress));
      } else {
        bar.update(progress.images, describe(progress));
      }
    },
    note(line) {
      stop();
      printLine(line);
    },
    stop,
  };
}

function createLines(): ProgressDisplay {
  let printedAt = -Infinity;
  return {
    update(progress) {
      if (progress.seconds - printedAt < LINE_EVERY) return;
      printedAt = progress.seconds;
      const { epoch, loss, speed, left } = describe(progress);
      const percent = Math.floor(100 * progress.images / progress.totalImages);
      printLine(`epoch ${epoch}: ${percent} %, loss ${loss}, ${speed} images/s, ${left} left`);
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
