/**
 * `GET /docs`: the OpenAPI document as a page.
 *
 * @module
 */

import { Layout } from "../pages/layout.tsx";
import type { DocumentView } from "./document_view.ts";
import { type LocatedOperation, Operation } from "./operation_view.tsx";
import { anchorOf, Properties } from "./schema_view.tsx";

/** The page. */
export function DocsPage({ document }: { document: DocumentView }) {
  const operations = operationsOf(document);
  const groups = document.tags.map(({ name, description }) => ({
    name,
    description,
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
  return (
    <Layout
      title="edgedoor: the HTTP API"
      description="What the server's routes take and answer."
      styles={["docs.css"]}
    >
      <header class="masthead">
        <div>
          <p class="wordmark">
            <a href="/">edgedoor</a>
          </p>
          <h1>The HTTP API</h1>
        </div>
        <p class="lead">
          {document.info.description} Version {document.info.version}; for programs:{" "}
          <a href="/openapi.json">openapi.json</a>, OpenAPI 3.1.
        </p>
      </header>
      <main class="plain docs">
        <nav aria-label="Routes">
          {groups.map(({ name, operations }) => (
            <ul key={name}>
              {operations.map(({ method, path, operation }) => (
                <li key={operation.operationId}>
                  <a href={`#${operation.operationId}`}>
                    <span class="method">{method.toUpperCase()}</span> <code>{path}</code>
                  </a>
                </li>
              ))}
              {name === groups.at(-1)?.name && (
                <li>
                  <a href="#schemas">Objects</a>
                </li>
              )}
            </ul>
          ))}
        </nav>
        {groups.map(({ name, description, operations }) => (
          <section key={name} aria-labelledby={`group-${name}`}>
            <h2 id={`group-${name}`}>/{name}</h2>
            <p>{description}</p>
            {operations.map((each) => <Operation key={each.operation.operationId} {...each} />)}
          </section>
        ))}
        <section aria-labelledby="schemas">
          <h2 id="schemas">Objects</h2>
          {Object.entries(document.components.schemas).map(([name, schema]) => (
            <article
              key={name}
              id={anchorOf(name)}
              class="panel operation"
              aria-labelledby={`${anchorOf(name)}-heading`}
            >
              <h3 id={`${anchorOf(name)}-heading`}>{name}</h3>
              {schema.description && <p class="hint">{schema.description}</p>}
              <Properties schema={schema} />
            </article>
          ))}
        </section>
      </main>
    </Layout>
  );
}

function operationsOf({ paths }: DocumentView): LocatedOperation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation }))
  );
}
