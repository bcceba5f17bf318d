/**
 * What a browser shows of a page that is not there.
 *
 * @module
 */

import { Layout } from "./layout.tsx";

/** The page of status 404. */
export function NotFoundPage({ path }: { path: string }) {
  return (
    <Layout title="edgedoor: not found" description="There is no such page.">
      <header class="masthead">
        <div>
          <p class="wordmark">edgedoor</p>
          <h1>There is no such page</h1>
        </div>
      </header>
      <main class="plain">
        <p>
          Nothing is served at <code>{path}</code>. <a href="/">Go to the demonstration.</a>
        </p>
      </main>
    </Layout>
  );
}
