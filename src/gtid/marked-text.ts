import { UsageError } from '../errors/index.ts';

/**
 * A scanner over text that people typed, with the error sentences of MySQL 8.3+ (library `mysql/strconv`): they show
 * the text around the fault, with `[HERE]` where it is. Positions count bytes of UTF-8, as the server counts.
 */

/** More text than this before the fault is cut to {@link SHOWN_BEFORE} bytes (measured with mysqlbinlog 9.7). */
const WHOLE_BEFORE = 14;
const SHOWN_BEFORE = 11;
/** More text than this after the fault is cut to {@link SHOWN_AFTER} bytes (measured with mysqlbinlog 9.7). */
const WHOLE_AFTER = 28;
const SHOWN_AFTER = 25;

const NAMED_ESCAPES: Readonly<Record<number, string>> = {
  0x00: '\\0',
  0x07: '\\a',
  0x08: '\\b',
  0x09: '\\t',
  0x0a: '\\n',
  0x0b: '\\v',
  0x0c: '\\f',
  0x0d: '\\r',
  0x22: '\\"',
  0x5c: '\\\\',
};

function escapeByte(byte: number): string {
  const named = NAMED_ESCAPES[byte];
  if (named !== undefined) return named;
  if (byte >= 0x20 && byte < 0x80) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

const escapeBytes = (bytes: Uint8Array): string => Array.from(bytes, escapeByte).join('');

/** What C's isspace() accepts. */
export const isSpace = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));

export const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39;

export class MarkedText {
  readonly bytes: Buffer;
  position = 0;

  constructor(text: string) {
    this.bytes = Buffer.from(text, 'utf8');
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  peek(): number | undefined {
    return this.bytes[this.position];
  }

  skipSpace(): void {
    while (isSpace(this.peek())) this.position += 1;
  }

  /** Takes `byte` if it is next. */
  accept(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.position += 1;
    return true;
  }

  expect(byte: number): void {
    if (!this.accept(byte)) throw this.error(`Expected "${String.fromCharCode(byte)}"`);
  }

  /** An unsigned decimal number below 2^64; on failure the mark stands before it. */
  number(): bigint {
    const start = this.position;
    if (!isDigit(this.peek())) throw this.error('Expected number');
    while (isDigit(this.peek())) this.position += 1;
    const digits = this.bytes.toString('latin1', start, this.position).replace(/^0+(?=.)/, '');
    // 20 digits are the longest number below 2^64; longer ones are not worth converting.
    const value = digits.length > 20 ? 1n << 64n : BigInt(digits);
    if (value >= 1n << 64n) throw this.errorAt(start, 'Number out of range');
    return value;
  }

  error(message: string): UsageError {
    return this.errorAt(this.position, message);
  }

  errorAt(position: number, message: string): UsageError {
    const { bytes } = this;
    const after =
      bytes.length - position > WHOLE_AFTER
        ? `${escapeBytes(bytes.subarray(position, position + SHOWN_AFTER))}...`
        : escapeBytes(bytes.subarray(position));
    if (position === 0) return new UsageError(`${message} at the beginning of the string: "${after}"`);
    const before =
      position > WHOLE_BEFORE
        ? `...${escapeBytes(bytes.subarray(position - SHOWN_BEFORE, position))}`
        : escapeBytes(bytes.subarray(0, position));
    return new UsageError(
      `${message} after ${position} characters, marked by [HERE] in: "${before}[HERE]${after}"`,
    );
  }
}
