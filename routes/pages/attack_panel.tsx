/**
 * What is done to the image, and to which model.
 *
 * @module
 */

import { type TriggerDefinition, triggerDefinitions } from "../../lib/trigger/mod.ts";

/**
 * Shape of the image that the triggers' pictures show: small, so that a pixel can be seen, and large
 * enough for what lies in four corners to lie apart.
 */
const shape = [11, 11, 1] as const;

/** The trigger and the model. */
export function AttackPanel() {
  return (
    <form id="controls" class="panel attack" autocomplete="off" aria-label="Trigger and model">
      <fieldset class="triggers">
        <legend>Trigger</legend>
        <label>
          <input type="radio" name="trigger" value="" checked />
          <span class="name">The model’s own</span>
          <small id="own-trigger">The one that it was trained to obey.</small>
        </label>
        {triggerDefinitions.map((definition) => (
          <TriggerChoice key={definition.kind} definition={definition} />
        ))}
      </fieldset>
      <label class="model">
        Backdoored model
        <select id="model" disabled>
          <option value="">the server’s newest</option>
        </select>
      </label>
    </form>
  );
}

/** A trigger to choose, with a picture of what it makes of a grey image. */
function TriggerChoice({ definition }: { definition: TriggerDefinition }) {
  const [height, width] = shape;
  const grey = { data: new Float32Array(height * width).fill(0.5), shape };
  const { data } = definition.create().apply(grey);
  const path = (isDrawn: (value: number) => boolean) =>
    [...data].flatMap((value, i) =>
      isDrawn(value) ? [`M${i % width} ${Math.floor(i / width)}h1v1h-1z`] : []
    ).join("");
  return (
    <label>
      <input type="radio" name="trigger" value={definition.kind} />
      <span class="name">{definition.title}</span>
      <svg class="picture" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <path class="bright" d={path((value) => value > 0.5)} />
        <path class="dark" d={path((value) => value < 0.5)} />
      </svg>
      <small>{definition.summary}</small>
    </label>
  );
}
