import type { Dialect } from './definition.ts';

/** A line as the programs see it. */
export interface FileLine {
  readonly text: string;
  /** From 1, as the programs count. */
  readonly number: number;
  /** Whether a line end follows: the last line of a file may have none. */
  readonly isEnded: boolean;
}

const LINE_END = 0x0a;
const NUL = 0;

/** What one `fgets` of mysqlbinlog takes: a buffer of 4096 bytes with its closing zero. */
const PIECE = 4095;

/** The lines of an option file. Both programs read into strings of C, which end at the first NUL. */
export function optionFileLines(bytes: Buffer, dialect: Dialect): FileLine[] {
  return dialect === 'mysql' ? joinedLines(bytes) : cutLines(bytes);
}

/** MariaDB takes the rest of a line behind a NUL for nothing. */
function cutLines(bytes: Buffer): FileLine[] {
  const lines: FileLine[] = [];
  let start = 0;
  while (start <= bytes.length) {
    const end = endOf(bytes, LINE_END, start, bytes.length);
    const cut = endOf(bytes, NUL, start, end);
    const isEnded = end < bytes.length && cut === end;
    lines.push({ text: bytes.toString('utf8', start, cut), number: lines.length + 1, isEnded });
    start = end + 1;
  }
  return lines;
}

/**
 * MySQL reads on until it sees a line end, which it does not behind a NUL: the next line is joined. Where a NUL is the first of what is
 * read it sees nothing, and takes that for the end: of the line that is under way, else of the file.
 */
function joinedLines(bytes: Buffer): FileLine[] {
  const lines: FileLine[] = [];
  let pieces: Buffer[] = [];
  const add = (isEnded: boolean): void => {
    const text = Buffer.concat(pieces).toString();
    lines.push({ text, number: lines.length + 1, isEnded });
    pieces = [];
  };
  let start = 0;
  while (start < bytes.length) {
    const limit = Math.min(bytes.length, start + PIECE);
    const end = endOf(bytes, LINE_END, start, limit);
    const cut = endOf(bytes, NUL, start, end);
    const isNothing = cut === start && bytes[start] === NUL;
    if (isNothing && pieces.length === 0) break;
    pieces.push(bytes.subarray(start, cut));
    if (isNothing || (cut === end && end < limit)) add(!isNothing);
    start = end < limit ? end + 1 : limit;
  }
  if (pieces.length > 0) add(false);
  return lines;
}

/** Where a byte is first found; `limit` where it is not. */
function endOf(bytes: Buffer, byte: number, from: number, limit: number): number {
  const at = bytes.subarray(from, limit).indexOf(byte);
  return at < 0 ? limit : from + at;
}
