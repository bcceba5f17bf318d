/**
 * What comes out: both images and what the models say to them.
 *
 * @module
 */

const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The frame of the result, at its full size from the start, so that nothing jumps when it fills. */
export function ResultPanel() {
  return (
    <section id="result" class="result" aria-labelledby="result-heading">
      <div class="heading">
        <h2 id="result-heading">Result</h2>
        <label class="check">
          <input id="mark" type="checkbox" checked autocomplete="off" />
          Mark the changed pixels
        </label>
      </div>
      <div class="stages">
        <Stage id="original" title="Original" alt="The original as the models saw it" />
        <Stage id="poisoned" title="Poisoned" alt="The same image with the trigger on it" />
      </div>
      <p class="legend">
        <span class="target-mark" aria-hidden="true"></span>
        the class that the attacker chose. Bars are the probabilities that each model gives.
      </p>
    </section>
  );
}

interface StageProps {
  readonly id: "original" | "poisoned";
  readonly title: string;
  readonly alt: string;
}

function Stage({ id, title, alt }: StageProps) {
  return (
    <section class="stage" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{title}</h3>
      <div class="frame">
        <img id={`${id}-image`} width="280" height="280" alt={alt} hidden />
        {id === "poisoned" && (
          <svg id="marks" role="img" aria-label="Changed: nothing yet">
            <path />
          </svg>
        )}
      </div>
      <div class="readings">
        <Reading id={`${id}-clean`} model="Clean model" />
        <Reading id={`${id}-backdoored`} model="Backdoored model" />
      </div>
    </section>
  );
}

function Reading({ id, model }: { id: string; model: string }) {
  return (
    <table id={id}>
      <caption>
        {model} <b>–</b>
      </caption>
      <tbody>
        {classes.map((digit) => (
          <tr>
            <th scope="row">{digit}</th>
            <td></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
