/**
 * What comes out: both images and what the models say to them.
 *
 * @module
 */

/** Rows of a table before the first answer, as many as after it (`islands/shown_classes.ts`). */
const rows = [0, 1, 2, 3, 4];

/** The frame of the result, at its full size from the start, so that nothing jumps when it fills. */
export function ResultPanel() {
  return (
    <section id="result" class="panel result" aria-labelledby="result-heading">
      <div class="heading">
        <h2 id="result-heading">What the models see and say</h2>
        <label class="check">
          <input id="mark" type="checkbox" checked autocomplete="off" />
          Mark the changed pixels
        </label>
      </div>
      <div class="stages">
        <Stage
          id="original"
          title="Without the trigger"
          alt="The image as the models saw it"
          empty="No image yet"
        />
        <Stage
          id="poisoned"
          title="With the trigger"
          alt="The same image with the trigger on it"
          empty="Not stamped yet"
        />
      </div>
      <p class="hint legend">
        <span class="target-mark" aria-hidden="true"></span>
        the class that the attacker chose. Bars are the probabilities of the likeliest classes.
      </p>
      <p class="hint compared">
        <span id="clean-name"></span>
        <span id="backdoored-name"></span>
      </p>
    </section>
  );
}

interface StageProps {
  readonly id: "original" | "poisoned";
  readonly title: string;
  readonly alt: string;
  /** What stands in the place of the image while there is none. */
  readonly empty: string;
}

function Stage({ id, title, alt, empty }: StageProps) {
  return (
    <section id={id} class="stage" aria-labelledby={`${id}-title`} data-empty>
      <h3 id={`${id}-title`}>{title}</h3>
      <div class="frame">
        <p class="hint">{empty}</p>
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
        {rows.map(() => (
          <tr>
            <th scope="row"></th>
            <td></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
