import { END } from '../../delimiter.ts';
import { TextOutput } from '../../output/text-output.ts';

const NUL = 0;

/** `--flashback`: text of changes, collected to come out from the last to the first. */
export class UndoneText {
  readonly #texts: Buffer[] = [];
  readonly #current: TextOutput = new TextOutput(undefined);
  readonly #isExact: boolean;
  /** What the last event of a log says, of the last log that was closed by its server. */
  #stop: Buffer | undefined;

  /** The original prints a text as far as its first NUL. */
  constructor(compat: 'better' | 'exact') {
    this.#isExact = compat === 'exact';
  }

  /** Where the text of the next event goes. */
  begin(): TextOutput {
    this.#current.length = 0;
    return this.#current;
  }

  /** The event's text is whole. */
  finish(isStop: boolean): void {
    if (this.#current.length === 0) return;
    const text = this.#current.take();
    const end = this.#isExact ? text.indexOf(NUL) : -1;
    const printed = end < 0 ? text : text.subarray(0, end);
    if (isStop) this.#stop = printed;
    else this.#texts.push(printed);
  }

  writeTo(out: TextOutput): void {
    for (let i = this.#texts.length - 1; i >= 0; i -= 1) out.bytes(this.#texts[i]!);
    out.text(`COMMIT\n${END}`);
    if (this.#stop !== undefined) out.bytes(this.#stop);
  }
}
