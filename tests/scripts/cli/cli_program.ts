/** A command for the tests of `scripts/cli/cli.ts`: each of its parts ends in another way. */

import { UsageError } from "../../../lib/core/errors.ts";
import { fromUser } from "../../../lib/core/errors.ts";
import { createCommand, finish, interruptSignal, main } from "../../../scripts/cli/cli.ts";
import { printLine } from "../../../scripts/cli/print_line.ts";

const command = createCommand("parts", "End in one of several ways.", ["parts good"]);

const parts: Readonly<Record<string, () => Promise<void> | void>> = {
  good: () => finish({ json: { answer: 42 }, text: "forty-two" }, command.opts()),
  bad: () => finish({ json: { ok: false }, text: "not well", status: 1 }, command.opts()),
  told: () => finish({ json: [] }, command.opts()),
  large: () => finish({ json: "x".repeat(5_000_000), text: "" }, command.opts()),
  fail: () => Promise.reject(new Error("Cannot go on:\n  no way;\n\n go back")),
  throw: () => Promise.reject("a text"),
  usage: () => Promise.reject(new UsageError("Cannot begin: begin anew")),
  range: () => fromUser(() => fail(new RangeError("Cannot begin: 3 is too many"))),
  type: () => fromUser(() => fail(new TypeError("Cannot go on: 3 is no text"))),
  async wait() {
    using interrupt = interruptSignal("begin again");
    printLine("waiting");
    // Signals alone do not keep a process alive.
    const timer = setInterval(() => {}, 1000);
    await new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve));
    clearInterval(timer);
    interrupt.signal.throwIfAborted();
  },
  async slow() {
    using interrupt = interruptSignal("begin again");
    printLine("waiting");
    const timer = setInterval(() => {}, 1000);
    await new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve));
    clearInterval(timer);
    printLine("ending");
    await new Promise((resolve) => setTimeout(resolve, 300));
    interrupt.signal.throwIfAborted();
  },
  async stubborn() {
    using interrupt = interruptSignal();
    interrupt.signal.addEventListener("abort", () => printLine("going on"));
    printLine("waiting");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  async released() {
    {
      using _ = interruptSignal();
    }
    printLine("waiting");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};

function fail(error: Error): never {
  throw error;
}

for (const [name, action] of Object.entries(parts)) command.command(name).action(action);

await main(command);
