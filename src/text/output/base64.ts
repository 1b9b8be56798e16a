import { copyBytes } from '../../bytes/index.ts';
import { createLineEncoder, type LineEncoder, SIMD_LINES } from './base64-simd.ts';
import type { TextOutput } from './text-output.ts';

const alphabet: Uint8Array = Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  'latin1',
);

/** Two characters for every 12 bits, where they lie in a little-endian word of four: the first two, and the last two. */
let firstPairs: Int32Array | undefined;
let lastPairs: Int32Array | undefined;

/** Filled when they are first wanted: that is most of a millisecond. */
function fillPairs(): void {
  firstPairs = new Int32Array(4096);
  lastPairs = new Int32Array(4096);
  for (let value = 0; value < 4096; value += 1) {
    const pair = alphabet[value >> 6]! | (alphabet[value & 63]! << 8);
    firstPairs[value] = pair;
    lastPairs[value] = pair << 16;
  }
}

/** Both tools break base64 after 76 characters, which are 57 bytes. */
const LINE_BYTES = 57;
const LINE_CHARACTERS = 76;
/** How many lines get their room at once. */
const LINES_AT_ONCE = 64;
const NEWLINE = 0x0a;
const PAD = 0x3d;

/** Memory that was read last, and before it: events of a statement that were held and the last one take turns. */
let source: Uint8Array = alphabet;
let sourceView: DataView = new DataView(alphabet.buffer, alphabet.byteOffset, alphabet.byteLength);
let formerSource = source;
let formerView = sourceView;

function look(bytes: Uint8Array): void {
  const view =
    bytes === formerSource ? formerView : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  formerSource = source;
  formerView = sourceView;
  source = bytes;
  sourceView = view;
}

/** From so many lines on, the vectors are worth the two copies to and from their memory. */
const LINES_WORTH_VECTORS = 4;
/** Making the vector program takes 1 ms, which so many lines win back. */
const LINES_BEFORE_VECTORS = 20_000;

/** An event of so many lines is worth the tables, and so are as many lines of small ones. */
const LINES_BEFORE_TABLES = 8;
const SMALL_LINES_BEFORE_TABLES = 500;

let linesSoFar = 0;
let encoder: LineEncoder | undefined;

/** Writes `bytes[start, end)` as base64 in lines of 76 characters, each followed by a newline, the last one too. */
export function writeBase64Lines(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  // Both quick ways look at one byte more than they encode, so that the last line is for the slow way.
  const lines = Math.max(0, Math.floor((end - start - 1) / LINE_BYTES));
  if (linesSoFar < LINES_BEFORE_VECTORS) {
    linesSoFar += lines;
    if (linesSoFar >= LINES_BEFORE_VECTORS) encoder = createLineEncoder();
  }
  if (encoder !== undefined && lines >= LINES_WORTH_VECTORS)
    writeByVectors(out, encoder, bytes, start, lines);
  else writeByTables(out, bytes, start, lines);
  const written = start + lines * LINE_BYTES;
  if (written < end) writeLastLine(out, bytes, written, end);
}

/** An output puts its text together in the memory of the vector program, which saves a copy: the first that has much of it. */
let isTextTaken = false;

let areEventsLent = false;

/**
 * Has `use` run with memory for events of so many bytes, which get to be base64 from there without a copy. It may be any memory where
 * there is no such, or somebody else has it.
 */
export function withEventMemory(size: number, use: (memory: Buffer) => void): void {
  const memory = encoder?.events;
  if (areEventsLent || memory === undefined || memory.length < size) {
    use(Buffer.allocUnsafeSlow(size));
    return;
  }
  areEventsLent = true;
  try {
    use(memory);
  } finally {
    areEventsLent = false;
  }
}

function writeByVectors(
  out: TextOutput,
  { memory, input, output, text, encode }: LineEncoder,
  bytes: Uint8Array,
  start: number,
  lines: number,
): void {
  isTextTaken ||= out.moveTo(text);
  for (let done = 0; done < lines; ) {
    const count = Math.min(lines - done, SIMD_LINES);
    const from = start + done * LINE_BYTES;
    const size = count * (LINE_CHARACTERS + 1);
    // First of all: whoever takes text when room is made may write base64 himself.
    const at = out.reserve(size);
    const { buffer } = out;
    let place = bytes.byteOffset + from;
    if (bytes.buffer !== memory) {
      copyBytes(input, 0, bytes, from, from + count * LINE_BYTES);
      place = input.byteOffset;
    }
    if (buffer.buffer === memory) encode(place, buffer.byteOffset + at, count);
    else {
      encode(place, output.byteOffset, count);
      copyBytes(buffer, at, output, 0, size);
    }
    out.length = at + size;
    done += count;
  }
}

/**
 * Words of four bytes are read and written, with tables of character pairs in between: quicker than Node's native encoder, which
 * makes a string that has to be cut into lines (Node 20.20: 1.4 ns a byte against 2.9).
 */
function writeByTables(out: TextOutput, bytes: Uint8Array, start: number, wholeLines: number): void {
  if (firstPairs === undefined) {
    if (wholeLines < LINES_BEFORE_TABLES && linesSoFar < SMALL_LINES_BEFORE_TABLES) {
      for (let line = 0; line < wholeLines; line += 1) {
        writeLastLine(out, bytes, start + line * LINE_BYTES, start + (line + 1) * LINE_BYTES);
      }
      return;
    }
    fillPairs();
  }
  const firsts = firstPairs!;
  const lasts = lastPairs!;
  if (bytes !== source) look(bytes);
  const words = sourceView;
  let from = start;
  for (let lines = wholeLines; lines > 0; ) {
    const count = lines < LINES_AT_ONCE ? lines : LINES_AT_ONCE;
    let at = out.reserve(count * (LINE_CHARACTERS + 1));
    const { view } = out;
    for (let line = 0; line < count; line += 1) {
      for (let i = 0; i < 9; i += 1) {
        const word = words.getInt32(from);
        const next = words.getInt32(from + 3);
        view.setInt32(at, firsts[word >>> 20]! | lasts[(word >>> 8) & 0xfff]!, true);
        view.setInt32(at + 4, firsts[next >>> 20]! | lasts[(next >>> 8) & 0xfff]!, true);
        from += 6;
        at += 8;
      }
      const word = words.getInt32(from);
      view.setInt32(at, firsts[word >>> 20]! | lasts[(word >>> 8) & 0xfff]!, true);
      view.setInt8(at + 4, NEWLINE);
      from += 3;
      at += 5;
    }
    out.length = at;
    lines -= count;
  }
}

/** Up to 57 bytes, padded to whole groups of four characters, and a newline. */
function writeLastLine(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  writeShort(out, bytes, start, end);
  out.byte(NEWLINE);
}

/** Bytes that get their room at once. */
const PIECE_BYTES = 3 << 10;

/** Writes `bytes[start, end)` as base64 in one piece, padded to whole groups of four characters. */
export function writeBase64(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  for (let from = start; from < end; from += PIECE_BYTES) {
    writeShort(out, bytes, from, Math.min(end, from + PIECE_BYTES));
  }
}

function writeShort(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  let from = start;
  let at = out.reserve(Math.ceil((end - start) / 3) * 4);
  const { buffer } = out;
  for (; end - from >= 3; from += 3) {
    const triple = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
    buffer[at] = alphabet[triple >> 18]!;
    buffer[at + 1] = alphabet[(triple >> 12) & 63]!;
    buffer[at + 2] = alphabet[(triple >> 6) & 63]!;
    buffer[at + 3] = alphabet[triple & 63]!;
    at += 4;
  }
  const left = end - from;
  if (left > 0) {
    const triple = (bytes[from]! << 16) | (left === 2 ? bytes[from + 1]! << 8 : 0);
    buffer[at] = alphabet[triple >> 18]!;
    buffer[at + 1] = alphabet[(triple >> 12) & 63]!;
    buffer[at + 2] = left === 2 ? alphabet[(triple >> 6) & 63]! : PAD;
    buffer[at + 3] = PAD;
    at += 4;
  }
  out.length = at;
}
