/**
 * Long work that says how far it is: plain data, for a display, a log or another process.
 *
 * @module
 */

/** Long work, as far as it is. */
export interface PhaseEvent {
  readonly kind: "phase";
  /** What is done, for people: `"perturbing 2,961 images"`. */
  readonly what: string;
  /**
   * Steps: both 0 when it begins, and as long as nobody knows how many there are; equal, from 1, when it
   * ends.
   */
  readonly done: number;
  readonly total: number;
  /** Since it began. */
  readonly seconds: number;
}

/** Who is told, and what stops the work. */
export interface PhaseContext {
  readonly onEvent: (event: PhaseEvent) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds between two words on work whose steps nobody knows. */
const SAY_EVERY = 1000;

/**
 * Does something long, and tells when it begins, how far it is, and when it is through.
 *
 * @param what Said of it.
 * @param context Who is told, and what stops it between two steps.
 * @param work Its `onStep` is to be called with steps done and to do.
 * @throws The signal's reason, if it fires.
 */
export async function phase<T>(
  what: string,
  { onEvent, signal }: PhaseContext,
  work: (onStep: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  let steps = 1;
  const tell = (done: number, total: number) =>
    onEvent({ kind: "phase", what, done, total, seconds: (performance.now() - begun) / 1000 });
  tell(0, 0);
  const result = await work((done, total) => {
    signal.throwIfAborted();
    steps = total;
    if (done < total) tell(done, total);
  });
  tell(steps, steps);
  return result;
}

/**
 * Waits for something long whose steps nobody knows, and tells every second that it goes on.
 *
 * @param what Said of it.
 * @param context Who is told; the work itself looks at the signal.
 * @param work What is waited for.
 */
export async function wait<T>(
  what: string,
  { onEvent }: Pick<PhaseContext, "onEvent">,
  work: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const tell = (done: 0 | 1) =>
    onEvent({
      kind: "phase",
      what,
      ...{ done, total: done, seconds: (performance.now() - begun) / 1000 },
    });
  tell(0);
  const timer = setInterval(() => tell(0), SAY_EVERY);
  try {
    const result = await work();
    tell(1);
    return result;
  } finally {
    clearInterval(timer);
  }
}
