import { TextOutput } from '../text-output.ts';
import { END } from './delimiter.ts';

/** `--flashback`: text of changes, collected to come out from the last to the first. */
export class UndoneText {
  readonly #texts: Buffer[] = [];
  readonly #current: TextOutput = new TextOutput(undefined);

  /** Where the text of the next event goes. */
  begin(): TextOutput {
    this.#current.length = 0;
    return this.#current;
  }

  /** The event's text is whole. */
  finish(): void {
    if (this.#current.length > 0) this.#texts.push(this.#current.take());
  }

  writeTo(out: TextOutput): void {
    for (let i = this.#texts.length - 1; i >= 0; i -= 1) out.bytes(this.#texts[i]!);
    out.text(`COMMIT\n${END}`);
  }
}
