/**
 * What came of it, in words, and the button that everything is about.
 *
 * @module
 */

/** The verdict is announced to screen readers as it changes. */
export function VerdictPanel() {
  return (
    <div id="verdict" class="verdict">
      <p role="status">
        <strong id="headline">Ready</strong> <span id="outcome">Draw, upload or pick a digit.</span>
      </p>
      <div class="action">
        <button id="retry" type="button" hidden>Try again</button>
        <button id="stamp" type="button" class="primary" disabled aria-keyshortcuts="Space">
          Stamp the trigger
        </button>
        <p id="stamp-hint" class="hint" aria-hidden="true">
          or press <kbd>Space</kbd>
        </p>
      </div>
    </div>
  );
}
