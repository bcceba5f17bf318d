/**
 * A defence's progress, in a phase's steps.
 *
 * @module
 */

/** Makes a listener for the share that is done of one for steps: a hundred of them. */
export function inHundredths(
  onStep: (done: number, total: number) => void,
): (share: number) => void {
  return (share) => onStep(Math.floor(100 * share), 100);
}
