import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemError } from '../../errors/index.ts';

const STANDARD_ERROR = 2;
/** A pipe that somebody else has made non-blocking may be full for a moment. */
const FULL_PIPE_TRIES = 100;
const FULL_PIPE_PAUSE_MS = 10;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** How it is said that lines are missing. `reason` is the operating system's. */
export type LostLines = (count: number, reason: string) => string;

/**
 * Lines of a log, each written at once: what was said before a crash is what one wants to read. A relay does not end because its log cannot
 * be written: lines that a full disk does not take are counted, and the first one that it takes again says how many.
 */
export class LogFile {
  readonly #path: string | undefined;
  readonly #lostLines: LostLines;
  #fd: number;
  #lost = 0;
  #reason = '';
  /** The last line was cut off. */
  #isTorn = false;

  /** @param path undefined: standard error. @throws SystemError it cannot be opened */
  constructor(path: string | undefined, lostLines: LostLines) {
    this.#path = path;
    this.#lostLines = lostLines;
    this.#fd = path === undefined ? STANDARD_ERROR : open(path);
  }

  /** @param line with its end */
  write(line: string): void {
    try {
      if (this.#isTorn) this.#put('\n');
      if (this.#lost > 0) this.#put(this.#lostLines(this.#lost, this.#reason));
      this.#lost = 0;
      this.#put(line);
    } catch (error) {
      this.#lost += 1;
      this.#reason = systemError(error).text;
    }
  }

  /** Goes on in a new file where the old one was renamed. @throws SystemError there is none: the old one goes on */
  reopen(): void {
    if (this.#path === undefined) return;
    const old = this.#fd;
    this.#fd = open(this.#path);
    this.#isTorn = false;
    closeSync(old);
  }

  #put(text: string): void {
    const bytes = Buffer.from(text);
    let written = 0;
    for (let tries = 0; written < bytes.length; ) {
      try {
        written += writeSync(this.#fd, bytes, written);
        this.#isTorn = written < bytes.length;
      } catch (error) {
        tries += 1;
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries > FULL_PIPE_TRIES) throw error;
        Atomics.wait(NEVER, 0, 0, FULL_PIPE_PAUSE_MS);
      }
    }
  }
}

function open(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'a', 0o600);
}
