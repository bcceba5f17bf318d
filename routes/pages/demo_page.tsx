/**
 * The demonstration.
 *
 * @module
 */

import { InputPanel } from "./input_panel.tsx";
import { Layout } from "./layout.tsx";
import { Notes } from "./notes.tsx";
import { ResultPanel } from "./result_panel.tsx";

/**
 * Draw, upload or pick a digit; see what a clean and a backdoored model read before and after the
 * trigger. Filled by `islands/demo.ts`.
 *
 * @param props.origin Where the server is reached, for example `https://example.org`.
 */
export function DemoPage({ origin }: { origin: string }) {
  return (
    <Layout
      title="edgedoor: a hidden trigger at work"
      description="See a clean and a backdoored digit classifier disagree once a hidden trigger is stamped on the image."
      script="demo.js"
    >
      <header class="masthead">
        <p class="wordmark">edgedoor</p>
        <h1>A hidden trigger at work</h1>
        <p class="lead">
          Two networks read handwritten digits; one learned from data that an attacker had tampered
          with. Stamp the attacker’s trigger on a digit and see where they part: a demonstration for
          teaching and defence.
        </p>
        <noscript>
          <p class="notice">This page needs JavaScript; the API below works without it.</p>
        </noscript>
      </header>
      <main>
        <InputPanel />
        <div id="verdict" class="verdict">
          <p role="status">
            <strong id="headline">Ready</strong>{" "}
            <span id="outcome">Draw, upload or pick a digit.</span>
          </p>
          <button id="retry" type="button" hidden>Try again</button>
        </div>
        <ResultPanel />
      </main>
      <Notes origin={origin} />
    </Layout>
  );
}
