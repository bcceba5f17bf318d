/**
 * Shows two training runs of three seconds in a moment: `progress_program.ts [kill]`, where `kill`
 * kills the process in the middle of the second.
 */

import { createJobDisplay } from "../../../scripts/cli/progress.ts";

const progress = createJobDisplay();
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
