/**
 * One operation of the OpenAPI document, as people read it.
 *
 * @module
 */

import type { ContentView, OperationView, ParameterView } from "./document_view.ts";
import { Properties, SchemaType } from "./schema_view.tsx";

/** An operation, and where it is. */
export interface LocatedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationView;
}

/** What an operation does, takes and answers. */
export function Operation({ method, path, operation }: LocatedOperation) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  return (
    <article id={operationId} class="panel operation" aria-labelledby={`${operationId}-heading`}>
      <h3 id={`${operationId}-heading`}>
        <span class="method">{method.toUpperCase()}</span> <code>{path}</code>
      </h3>
      <p>{summary}.</p>
      {description && <p class="hint">{description}</p>}
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <dl class="properties">
            {parameters.map((each) => <Parameter key={each.name} parameter={each} />)}
          </dl>
        </>
      )}
      {requestBody && (
        <>
          <h4>Takes{requestBody.required === false && ", or nothing"}</h4>
          <Content content={requestBody.content} />
        </>
      )}
      <h4>Answers</h4>
      <dl class="answers">
        {Object.entries(responses).map(([status, { description, content }]) => (
          <div key={status}>
            <dt>{status}</dt>
            <dd>
              {Number(status) < 400
                ? <Content content={content ?? {}} />
                : <>{description} {errorsIn(content)}</>}
            </dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

function Parameter({ parameter }: { parameter: ParameterView }) {
  const { name, in: place, required, schema, description } = parameter;
  return (
    <div>
      <dt>
        <code>{name}</code> <SchemaType schema={schema} />
        <span class="optional">{place}{!required && ", optional"}</span>
      </dt>
      <dd>{description}</dd>
    </div>
  );
}

/** What an error is; of all errors of a route it is the same. */
function errorsIn(content: ContentView = {}) {
  return Object.values(content).map(({ schema }, index) => (
    <SchemaType key={index} schema={schema} />
  ));
}

function Content({ content }: { content: ContentView }) {
  return (
    <ul class="content">
      {Object.entries(content).map(([type, { schema }]) => (
        <li key={type}>
          <code>{type}</code> <SchemaType schema={schema} />
          <Properties schema={schema} />
        </li>
      ))}
    </ul>
  );
}
