import { FormatError } from '../../errors/index.ts';

/** What stands in a place of a row. */
export const Literal = {
  NULL: 0,
  /** Digits, as written. */
  NUMBER: 1,
  /** Between quotes, escapes and all. */
  TEXT: 2,
  /** The same, introduced by `_binary`. */
  BYTES: 3,
  /** Hexadecimal digits, of `0x…` or `x'…'`. */
  HEX: 4,
  /** Binary digits of `b'…'`. */
  BITS: 5,
} as const;
export type Literal = (typeof Literal)[keyof typeof Literal];

const COMMA = 0x2c;
const OPEN = 0x28;
const CLOSE = 0x29;
const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const ESCAPED: Readonly<Record<number, number>> = {
  0x30: 0,
  0x62: 8,
  0x6e: 10,
  0x72: 13,
  0x74: 9,
  0x5a: 26,
};

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
/** What numbers and words are made of. */
const isPlain = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2b ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x5f;

/** One row of `VALUES (…), (…)`, found and not copied. Its literals stay bytes until {@link text} and {@link blob} are asked for. */
export class RowValues {
  count = 0;
  readonly kinds: Literal[] = [];
  #starts: number[] = [];
  #ends: number[] = [];
  /** Whether there is anything to undo between the quotes. */
  #escaped: boolean[] = [];
  #bytes: Buffer = Buffer.alloc(0);

  /**
   * Reads the row that begins at `at` with its parenthesis.
   *
   * @returns the place behind it; -1: it does not end before `end`
   * @throws FormatError for what is no row of literals
   */
  read(bytes: Buffer, at: number, end: number): number {
    this.#bytes = bytes;
    this.count = 0;
    let place = at + 1;
    for (;;) {
      while (place < end && isSpace(bytes[place]!)) place += 1;
      place = this.#literal(bytes, place, end);
      if (place < 0) return -1;
      while (place < end && isSpace(bytes[place]!)) place += 1;
      if (place >= end) return -1;
      const byte = bytes[place]!;
      place += 1;
      if (byte === CLOSE) return place;
      if (byte !== COMMA) throw new FormatError('a row of the dump holds something that is no literal');
    }
  }

  /** The literal of a column as it is written, ASCII: numbers, digits, dates. */
  plain(index: number): string {
    return this.#bytes.toString('latin1', this.#starts[index], this.#ends[index]);
  }

  /** The bytes that a literal of texts means. Borrowed where nothing was escaped. */
  raw(index: number): Buffer {
    const [from, to] = [this.#starts[index]!, this.#ends[index]!];
    const inner = this.#bytes.subarray(from, to);
    return this.#escaped[index] === true ? unescaped(inner) : inner;
  }

  /** The bytes that any literal means, of its own. */
  blob(index: number): Buffer {
    const kind = this.kinds[index];
    if (kind === Literal.HEX) {
      const digits = this.plain(index);
      return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
    }
    if (kind === Literal.BITS) {
      const bits = this.plain(index);
      const whole = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
      return Buffer.from((whole.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    }
    return Buffer.from(this.raw(index));
  }

  #note(kind: Literal, start: number, end: number, escaped = false): void {
    const { count } = this;
    this.kinds[count] = kind;
    this.#starts[count] = start;
    this.#ends[count] = end;
    this.#escaped[count] = escaped;
    this.count = count + 1;
  }

  #literal(bytes: Buffer, at: number, end: number): number {
    if (at >= end) return -1;
    const first = bytes[at]!;
    if (first === QUOTE) return this.#quoted(Literal.TEXT, bytes, at, end);
    let place = at;
    while (place < end && isPlain(bytes[place]!)) place += 1;
    if (place >= end) return -1;
    if ((first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x2e) {
      const isHex = first === 0x30 && place > at + 1 && (bytes[at + 1]! | 0x20) === 0x78;
      if (isHex) this.#note(Literal.HEX, at + 2, place);
      else this.#note(Literal.NUMBER, at, place);
      return place;
    }
    const word = bytes.toString('latin1', at, place).toUpperCase();
    if (word === 'NULL') {
      this.#note(Literal.NULL, at, place);
      return place;
    }
    if (word === '_BINARY') {
      while (place < end && isSpace(bytes[place]!)) place += 1;
      if (place >= end) return -1;
      if (bytes[place] === QUOTE) return this.#quoted(Literal.BYTES, bytes, place, end);
      return this.#literal(bytes, place, end);
    }
    if (bytes[place] === QUOTE && (word === 'X' || word === 'B'))
      return this.#quoted(word === 'X' ? Literal.HEX : Literal.BITS, bytes, place, end);
    if (bytes[place] === OPEN)
      throw new FormatError(`a row of the dump calls ${word}(): only literals are read`);
    throw new FormatError('a row of the dump holds something that is no literal');
  }

  #quoted(kind: Literal, bytes: Buffer, at: number, end: number): number {
    let escaped = false;
    for (let place = at + 1; place < end; place += 1) {
      const byte = bytes[place]!;
      if (byte === BACKSLASH) {
        escaped = true;
        place += 1;
      } else if (byte === QUOTE) {
        if (place + 1 >= end) return -1;
        if (bytes[place + 1] !== QUOTE) {
          this.#note(kind, at + 1, place, escaped);
          return place + 1;
        }
        escaped = true;
        place += 1;
      }
    }
    return -1;
  }
}

/** What stands between quotes, as the servers read it under an `sql_mode` that has escapes: every dump sets one. */
function unescaped(inner: Buffer): Buffer {
  const out = Buffer.allocUnsafe(inner.length);
  let length = 0;
  for (let at = 0; at < inner.length; at += 1) {
    let byte = inner[at]!;
    if (byte === BACKSLASH) {
      at += 1;
      byte = inner[at]!;
      byte = ESCAPED[byte] ?? byte;
    } else if (byte === QUOTE) at += 1;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}
