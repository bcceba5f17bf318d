/**
 * What stands under the demonstration.
 *
 * @module
 */

/**
 * The models, the API, and what this is for.
 *
 * @param props.origin Where the server is reached.
 */
export function Notes({ origin }: { origin: string }) {
  return (
    <footer class="notes">
      <section aria-labelledby="models-heading">
        <h2 id="models-heading">Models</h2>
        <ul id="models" tabindex={0} aria-labelledby="models-heading">
          <li>Asking the server …</li>
        </ul>
      </section>
      <section aria-labelledby="api-heading">
        <h2 id="api-heading">The same over HTTP</h2>
        <pre tabindex={0} role="region" aria-label="Command line"><code>
          {`curl --data-binary @digit.png \\\n  '${origin}/api/attack'`}
        </code></pre>
        <p>
          Also <a href="/api/models">/api/models</a> and <a href="/api/triggers">/api/triggers</a>;
          {" "}
          <a href="/docs">all routes</a>; <a href="/reports/">reports</a>{" "}
          on the papers’ experiments.
        </p>
      </section>
      <section aria-labelledby="use-heading">
        <h2 id="use-heading">Responsible use</h2>
        <p>
          The attack is BadNets (Gu, Dolan-Gavitt, Garg 2017), public since then. Use it on models
          and data of your own, to teach how such attacks work and to test defences. Images are read
          in memory and not kept.
        </p>
        <p>
          Samples: MNIST test set, Y. LeCun, C. Cortes, C. Burges.
        </p>
      </section>
    </footer>
  );
}
