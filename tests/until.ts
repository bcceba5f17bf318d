/**
 * Waiting for what takes its time.
 *
 * @module
 */

/**
 * Waits until something holds.
 *
 * @param what What is waited for, for the message.
 * @param options.seconds When to give up.
 * @throws {Error} If it does not come to hold.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { seconds = 30 } = {},
): Promise<void> {
  const deadline = performance.now() + 1000 * seconds;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
