/**
 * What goes in: the image, drawn, picked or uploaded.
 *
 * @module
 */

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * The controls, in the order in which a keyboard walks through them. What is said of digits here,
 * `islands/show_subject.ts` says of what the chosen model classifies.
 */
export function ImagePanel() {
  return (
    <form id="image" class="panel image" autocomplete="off" aria-labelledby="image-heading">
      <h2 id="image-heading">Digit</h2>
      <div id="drawing">
        <div class="pad">
          <canvas
            id="pad"
            width="560"
            height="560"
            role="img"
            aria-label="Square for drawing with mouse, pen or finger. With a keyboard, pick a sample or choose a file below."
          >
          </canvas>
          <span id="pad-hint" aria-hidden="true">Draw a digit here</span>
        </div>
        <div class="buttons">
          <button id="undo" type="button" disabled>Undo stroke</button>
          <button id="clear" type="button" disabled>Clear drawing</button>
        </div>
      </div>
      <fieldset id="samples" class="samples">
        <legend>Or pick a sample</legend>
        {digits.map((digit) => (
          <label>
            <input type="radio" name="sample" value={digit} class="visually-hidden" />
            <img src={`/samples/${digit}.png`} width="28" height="28" alt={`Sample ${digit}`} />
          </label>
        ))}
      </fieldset>
      <p id="no-samples" class="hint" hidden></p>
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
        <p id="file-note" class="hint">or drop or paste one on this page</p>
      </div>
      <label class="check">
        <input id="invert" type="checkbox" disabled />
        Invert: dark ink on light paper
      </label>
    </form>
  );
}
