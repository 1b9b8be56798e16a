import { FormatError } from '../../errors/index.ts';
import type { DumpWindow } from './dump-window.ts';

/** What comes next in a dump. */
export type DumpPiece =
  | { readonly kind: 'comment'; readonly text: string }
  /** Without its delimiter; borrowed until the next piece. */
  | { readonly kind: 'statement'; readonly sql: Buffer }
  /** INSERT or REPLACE: the window stands at its first word, and whoever reads it moves on behind its rows. */
  | { readonly kind: 'rows' };

const NEED_MORE = -1;
const NEWLINE = 0x0a;
const QUOTES: ReadonlySet<number> = new Set([0x27, 0x22, 0x60]);
const BACKQUOTE = 0x60;
/** Longest word that decides what comes, `DELIMITER`, and a byte behind it. */
const WORD_BYTES = 10;
/** `/*M!999999\- enable the sandbox mode *\/`: a version that no server has. */
const SANDBOX = /^\/\*M!999999/;

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** Cuts a dump into comments, statements and rows, as the servers' client programs do. */
export class DumpScanner {
  readonly #window: DumpWindow;
  #delimiter: Buffer = Buffer.from(';');
  /** Whether a backslash in a text takes the meaning of what follows. */
  escapes = true;

  constructor(window: DumpWindow) {
    this.#window = window;
  }

  /** The next piece; undefined at the end. @throws FormatError the dump ends inside one */
  async next(): Promise<DumpPiece | undefined> {
    const window = this.#window;
    for (;;) {
      this.#skipSpace();
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      if (window.end - window.at < WORD_BYTES && (await window.more())) continue;
      if (window.at >= window.end) return undefined;
      if (this.#isAt(this.#delimiter)) {
        window.to(window.at + this.#delimiter.length);
        continue;
      }
      const head = window.bytes.toString('latin1', window.at, window.at + WORD_BYTES);
      if (/^(--([\s]|$)|#)/.test(head)) return { kind: 'comment', text: await this.#line() };
      if (/^\/\*(?!M?!)/.test(head) || SANDBOX.test(head))
        return { kind: 'comment', text: await this.#comment() };
      if (/^delimiter\s/i.test(head)) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        this.#delimiter = Buffer.from((await this.#line()).slice(WORD_BYTES).trim(), 'latin1');
        continue;
      }
      if (/^(insert|replace)\s/i.test(head)) return { kind: 'rows' };
      return { kind: 'statement', sql: await this.#statement() };
    }
  }

  /** Goes behind the delimiter that must come here. */
  async endStatement(): Promise<void> {
    const window = this.#window;
    for (;;) {
      this.#skipSpace();
      if (window.end - window.at >= this.#delimiter.length) break;
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      if (!(await window.more())) break;
    }
    if (!this.#isAt(this.#delimiter))
      throw new FormatError('rows of the dump are followed by something else');
    window.to(window.at + this.#delimiter.length);
  }

  #isAt(what: Buffer): boolean {
    const { bytes, at, end } = this.#window;
    return end - at >= what.length && bytes.compare(what, 0, what.length, at, at + what.length) === 0;
  }

  #skipSpace(): void {
    const window = this.#window;
    let { at } = window;
    while (at < window.end && isSpace(window.bytes[at]!)) at += 1;
    window.to(at);
  }

  async #line(): Promise<string> {
    const window = this.#window;
    for (;;) {
      const newline = window.bytes.subarray(0, window.end).indexOf(NEWLINE, window.at);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      if (newline < 0 && (await window.more())) continue;
      const end = newline < 0 ? window.end : newline;
      const text = window.bytes.toString('utf8', window.at, end);
      window.to(end);
      return text;
    }
  }

  async #comment(): Promise<string> {
    const window = this.#window;
    for (;;) {
      const close = window.bytes.subarray(0, window.end).indexOf('*/', window.at + 2);
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      if (close < 0 && (await window.more())) continue;
      if (close < 0) throw endsEarly();
      const text = window.bytes.toString('utf8', window.at, close + 2);
      window.to(close + 2);
      return text;
    }
  }

  async #statement(): Promise<Buffer> {
    const window = this.#window;
    for (;;) {
      const end = this.#statementEnd();
      if (end === NEED_MORE) {
        // oxlint-disable-next-line no-await-in-loop -- one piece after the other
        if (await window.more()) continue;
        throw endsEarly();
      }
      const sql = window.bytes.subarray(window.at, end);
      window.to(end + this.#delimiter.length);
      return sql;
    }
  }

  #statementEnd(): number {
    const { bytes, end } = this.#window;
    const delimiter = this.#delimiter;
    for (let at = this.#window.at; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === delimiter[0] && at + delimiter.length <= end && matches(bytes, at, delimiter)) return at;
      if (QUOTES.has(byte)) {
        at = this.#quoteEnd(at);
        if (at === NEED_MORE) return NEED_MORE;
      } else if (
        byte === 0x23 ||
        (byte === 0x2d && bytes[at + 1] === 0x2d && isSpace(bytes[at + 2] ?? 0x20))
      ) {
        at = bytes.subarray(0, end).indexOf(NEWLINE, at);
        if (at < 0) return NEED_MORE;
      } else if (
        byte === 0x2f &&
        bytes[at + 1] === 0x2a &&
        bytes[at + 2] !== 0x21 &&
        bytes[at + 2] !== 0x4d
      ) {
        at = bytes.subarray(0, end).indexOf('*/', at + 2);
        if (at < 0) return NEED_MORE;
        at += 1;
      }
    }
    return NEED_MORE;
  }

  /** The place of the quote that closes the one at `from`. */
  #quoteEnd(from: number): number {
    const { bytes, end } = this.#window;
    const quote = bytes[from]!;
    for (let at = from + 1; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte === 0x5c && this.escapes && quote !== BACKQUOTE) at += 1;
      else if (byte === quote) return at;
    }
    return NEED_MORE;
  }
}

function matches(bytes: Buffer, at: number, what: Buffer): boolean {
  for (let index = 0; index < what.length; index += 1) if (bytes[at + index] !== what[index]) return false;
  return true;
}

export const endsEarly = (): FormatError =>
  new FormatError('the dump ends in the middle of a statement', { hint: 'It is not whole: make it again.' });
