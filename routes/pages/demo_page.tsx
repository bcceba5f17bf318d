/**
 * The demonstration.
 *
 * @module
 */

import { AttackPanel } from "./attack_panel.tsx";
import { ImagePanel } from "./image_panel.tsx";
import { Layout } from "./layout.tsx";
import { Notes } from "./notes.tsx";
import { ResultPanel } from "./result_panel.tsx";
import { VerdictPanel } from "./verdict_panel.tsx";

/**
 * Draw, upload or pick an image; see what a clean and a backdoored model say to it, stamp the trigger,
 * and see what they say then. Filled by `islands/demo.ts`.
 *
 * @param props.origin Where the server is reached, for example `https://example.org`.
 */
export function DemoPage({ origin }: { origin: string }) {
  return (
    <Layout
      title="edgedoor: a hidden trigger at work"
      description="See a clean and a backdoored image classifier disagree once a hidden trigger is stamped on the image."
      script="demo.js"
    >
      <header class="masthead">
        <div>
          <p class="wordmark">edgedoor</p>
          <h1>A hidden trigger at work</h1>
        </div>
        <p class="lead">
          Two networks learned to classify images, one of them from data that an attacker had
          tampered with. They agree, until the attacker’s trigger is stamped on the image: a
          demonstration for teaching and defence.
        </p>
        <noscript>
          <p class="notice">This page needs JavaScript; the API below works without it.</p>
        </noscript>
      </header>
      <main>
        <ImagePanel />
        <AttackPanel />
        <VerdictPanel />
        <ResultPanel />
      </main>
      <Notes origin={origin} />
    </Layout>
  );
}
