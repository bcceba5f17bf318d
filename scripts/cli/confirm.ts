/**
 * Questions to people.
 *
 * @module
 */

/** Where a question is asked and answered; the standard streams unless given. */
export interface Terminal {
  /** Whether there is a person to ask. */
  readonly isTerminal: boolean;
  write(text: string): void;
  /** What was typed, a line at most; `null` at its end. */
  read(): Promise<string | null>;
}

/**
 * Asks whether to go on.
 *
 * @param question In whose place an answer of `y` or `yes` means yes, and all else no.
 * @returns `true` without asking if there is no terminal: programs cannot answer.
 */
export async function confirm(
  question: string,
  terminal: Terminal = standardTerminal(),
): Promise<boolean> {
  if (!terminal.isTerminal) return true;
  terminal.write(`${question} [y/N] `);
  const answer = await terminal.read();
  return /^\s*y(es)?\s*$/i.test(answer ?? "");
}

/** Standard error, for standard output is for a command's answer alone. */
function standardTerminal(): Terminal {
  return {
    isTerminal: Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
    write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
    async read() {
      const bytes = new Uint8Array(1024);
      const length = await Deno.stdin.read(bytes);
      return length === null ? null : new TextDecoder().decode(bytes.subarray(0, length));
    },
  };
}
