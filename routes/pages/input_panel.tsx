/**
 * What goes in: the digit, the trigger, the model.
 *
 * @module
 */

import { type TriggerDefinition, triggerDefinitions } from "../../lib/trigger/mod.ts";

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Shape of the image that the triggers' pictures are cut from: MNIST's. */
const shape = [28, 28, 1] as const;

/** Side of the corner that a trigger's picture shows, pixels. */
const cornerSide = 7;

/** The controls, in the order in which a keyboard walks through them. */
export function InputPanel() {
  return (
    <form id="controls" class="input" autocomplete="off" aria-label="Image, trigger and model">
      <section aria-labelledby="digit-heading">
        <h2 id="digit-heading">Digit</h2>
        <div class="pad">
          <canvas
            id="pad"
            width="560"
            height="560"
            role="img"
            aria-label="Square for drawing a digit with mouse, pen or finger. With a keyboard, pick a sample or choose a file below."
          >
          </canvas>
          <span id="pad-hint" aria-hidden="true">Draw a digit here</span>
        </div>
        <div class="buttons">
          <button id="undo" type="button" disabled>Undo stroke</button>
          <button id="clear" type="button" disabled>Clear drawing</button>
        </div>
        <fieldset class="samples">
          <legend>Or pick a sample</legend>
          {digits.map((digit) => (
            <label>
              <input type="radio" name="sample" value={digit} class="visually-hidden" />
              <img src={`/samples/${digit}.png`} width="28" height="28" alt={`Sample ${digit}`} />
            </label>
          ))}
        </fieldset>
        <div class="upload">
          <label class="button">
            <input
              id="file"
              type="file"
              accept="image/png,image/jpeg"
              class="visually-hidden"
              aria-describedby="file-note"
            />
            Choose a PNG or JPEG
          </label>
          <p id="file-note">or drop or paste one on this page</p>
        </div>
        <label class="check">
          <input id="invert" type="checkbox" disabled />
          Invert: dark ink on light paper
        </label>
      </section>
      <section aria-labelledby="attack-heading">
        <h2 id="attack-heading">Attack</h2>
        <fieldset class="triggers">
          <legend>Trigger</legend>
          <label>
            <input type="radio" name="trigger" value="" checked />
            <span>
              The model’s own <small>what it was trained to obey</small>
            </span>
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
      </section>
    </form>
  );
}

/** A trigger to choose, with a picture of the bottom right corner of an image that carries it. */
function TriggerChoice({ definition }: { definition: TriggerDefinition }) {
  const [height, width, channels] = shape;
  const trigger = definition.create();
  const pixels = trigger.pixels(shape);
  // On black: what the trigger leaves or makes black is not drawn.
  const { data } = trigger.apply({ data: new Float32Array(height * width * channels), shape });
  const bright = pixels.filter(([row, column]) => data[(row * width + column) * channels] !== 0);
  return (
    <label title={definition.summary}>
      <input type="radio" name="trigger" value={definition.kind} />
      <span>
        {definition.kind}{" "}
        <small>{pixels.length === 1 ? "1 pixel" : `${pixels.length} pixels`}</small>
      </span>
      <svg
        class="corner"
        viewBox={`${width - cornerSide} ${height - cornerSide} ${cornerSide} ${cornerSide}`}
        aria-hidden="true"
      >
        <path d={bright.map(([row, column]) => `M${column} ${row}h1v1h-1z`).join("")} />
      </svg>
    </label>
  );
}
