/**
 * Progress of long runs on standard error: a bar on a terminal, else a line now and then.
 *
 * @module
 */

// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import type { PhaseEvent } from "../../lib/core/phase.ts";
import { describeMetrics, type OnEvent } from "../../lib/job/mod.ts";
import type { TrainProgress } from "../../lib/train/mod.ts";
import { formatCount, formatDuration, timeLeft } from "../../lib/core/format.ts";
import { printLine } from "./print_line.ts";

/** Seconds between lines where standard error is no terminal. */
const LINE_EVERY = 10;

/** Seconds within which work begins. */
const BEGINNING = 0.5;

/** Shows runs, one after the other. */
export interface ProgressDisplay<Progress> {
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
  /** Whether the first line comes after a while, not at once. */
  readonly isPatient?: boolean;
}

/** Shows what jobs say on their way. */
export interface JobDisplay {
  readonly onEvent: OnEvent;
  /** Prints a line of its own, above the bar. */
  note(line: string): void;
  /** Ends the display. */
  stop(): void;
}

/** A training run: epoch, loss, speed. */
const trainingStyle: ProgressStyle<TrainProgress> = {
  bar: "epoch {epoch} {bar} {percentage}% · loss {loss} · {speed} images/s{left}",
  line(progress) {
    const { epoch, loss, speed, left } = describe(progress);
    const percent = Math.floor(100 * progress.images / progress.totalImages);
    return `epoch ${epoch}: ${percent} %, loss ${loss}, ${speed} images/s${
      left.replace(" ·", ",")
    }`;
  },
  describe,
  position: ({ images, totalImages, seconds }) => ({ done: images, total: totalImages, seconds }),
};

/** Long work that is no training. */
const phaseStyle: ProgressStyle<PhaseEvent> = {
  bar: "{what} {bar} {percentage}%{left}",
  line: ({ what, done, total }) => `${what}: step ${formatCount(done)} of ${formatCount(total)}`,
  describe: ({ what, done, total, seconds }) => ({
    what,
    left: timeLeft({ done, total, seconds }),
  }),
  position: ({ done, total, seconds }) => ({ done, total, seconds }),
  isPatient: true,
};

/** Long work whose steps nobody knows. */
const waitStyle: ProgressStyle<PhaseEvent> = {
  bar: "{what} · {time}",
  line: ({ what, seconds }) => `${what}: ${formatDuration(seconds)} so far`,
  describe: ({ what, seconds }) => ({ what, time: formatDuration(seconds) }),
  position: ({ seconds }) => ({ done: 0, total: 1, seconds }),
  isPatient: true,
};

/** Begins a display of jobs on standard error. */
export function createJobDisplay(): JobDisplay {
  const training = createDisplay(trainingStyle);
  const phases = createDisplay(phaseStyle);
  const waits = createDisplay(waitStyle);
  const note = (line: string) => {
    phases.stop();
    waits.stop();
    training.note(line);
  };
  const showPhase = (event: PhaseEvent) => {
    const { what, done, total, seconds } = event;
    if (total === 0) return seconds < BEGINNING ? note(what) : waits.update(event);
    if (done < total) return phases.update(event);
    note(`done in ${formatDuration(seconds)}`);
  };
  return {
    onEvent(event) {
      switch (event.kind) {
        case "step":
          return training.update(event.progress);
        case "epoch":
          return note(
            `epoch ${event.epoch}/${event.epochs}: loss ${event.loss.toFixed(4)}, ` +
              describeMetrics(event.metrics),
          );
        case "phase":
          return showPhase(event);
        case "note":
          return note(event.text);
        case "warning":
          return note(`warning: ${event.text}`);
      }
    },
    note,
    stop() {
      phases.stop();
      waits.stop();
      training.stop();
    },
  };
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
  { line, position, isPatient = false }: ProgressStyle<Progress>,
): ProgressDisplay<Progress> {
  const before = isPatient ? 0 : -Infinity;
  let printedAt = before;
  return {
    update(progress) {
      const { seconds } = position(progress);
      // Another run begins anew.
      if (seconds < printedAt) printedAt = before;
      if (seconds - printedAt < LINE_EVERY) return;
      printedAt = seconds;
      printLine(line(progress));
    },
    note: printLine,
    stop() {
      printedAt = before;
    },
  };
}

function describe({ epoch, epochs, images, totalImages, loss, seconds }: TrainProgress) {
  return {
    epoch: `${epoch}/${epochs}`,
    loss: loss.toFixed(4),
    speed: Math.round(images / seconds),
    left: timeLeft({ done: images, total: totalImages, seconds }),
  };
}
