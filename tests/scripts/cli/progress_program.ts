/**
 * Shows two training runs of three seconds in a moment: `progress_program.ts [kill]`, where `kill`
 * kills the process in the middle of the second; `progress_program.ts wait` shows in a moment what is
 * waited for for 25 seconds.
 */

import { createJobDisplay } from "../../../scripts/cli/progress.ts";

const progress = createJobDisplay();
if (Deno.args[0] === "wait") {
  for (let seconds = 0; seconds < 25; seconds++) {
    progress.onEvent({ kind: "phase", what: "fetching", done: 0, total: 0, seconds });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  progress.onEvent({ kind: "phase", what: "fetching", done: 1, total: 1, seconds: 25 });
  progress.stop();
  Deno.exit();
}
for (const run of [1, 2]) {
  for (let step = 1; step <= 30; step++) {
    progress.onEvent({
      kind: "step",
      progress: {
        epoch: Math.ceil(step / 15),
        epochs: 2,
        images: step * 100,
        totalImages: 3000,
        loss: 2 / step,
        seconds: step,
      },
    });
    if (run === 2 && step === 20 && Deno.args[0] === "kill") Deno.kill(Deno.pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (step % 15 === 0) progress.note(`epoch ${step / 15} of run ${run} is over`);
  }
}
progress.stop();
