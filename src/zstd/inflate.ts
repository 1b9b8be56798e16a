import type { ZSTDDecoder } from 'zstddec/stream';
import { FormatError, LimitError, UsageError } from '../errors/index.ts';
import { type ZstdFrame, zstdFrames } from './frames.ts';

/** Memory of the WebAssembly zstd for one frame inflated at once: it can have 2 GiB and must not run out. */
const MOST_AT_ONCE_BYTES = 0x4000_0000 + 0x1000_0000;
/** What a block inflates to at most (RFC 8878): the last of each frame is mostly smaller. */
const BLOCK_BYTES = 128 * 1024;
/** What a stream is given at once. */
const SLICE_BYTES = 16 * 1024;
/**
 * A stream that is left early finishes the slice that it is at, for nothing else gives its memory back. Blocks have four bytes or more:
 * this is as many pieces as a slice can hold. One that does not inflate at all never ends.
 */
const LEAVE_PIECES = SLICE_BYTES / 4 + 1;

let decoder: ZSTDDecoder | undefined;
let loading: Promise<void> | undefined;

/** Makes zstd ready: await it once, when the first compressed bytes are met. After that everything is synchronous. */
export function loadZstd(): Promise<void> {
  return (loading ??= load());
}

/** Whether bytes can be inflated without waiting for {@link loadZstd}. */
export function isZstdLoaded(): boolean {
  return decoder !== undefined;
}

async function load(): Promise<void> {
  const { ZSTDDecoder: Decoder } = await import('zstddec/stream');
  const made = new Decoder();
  await made.init();
  decoder = made;
}

function loadedDecoder(): ZSTDDecoder {
  if (decoder === undefined) throw new UsageError('zstd is not loaded: await loadZstd() first');
  return decoder;
}

/**
 * Inflates a zstd stream at once, frame by frame. Memory is set aside only for what the frames' blocks can hold.
 *
 * @param limit bytes that it may inflate to
 * @throws FormatError where it does not inflate, LimitError where it may exceed the limit, UsageError before {@link loadZstd}
 */
export function inflateZstd(bytes: Buffer, limit: number): Buffer {
  const run = loadedDecoder();
  const frames = zstdFrames(bytes);
  let most = 0;
  for (const frame of frames) most += frame.contentBytes ?? frame.mostBytes;
  // Every compressed block counts as a full one.
  if (most > limit + frames.length * BLOCK_BYTES) {
    throw new LimitError(`zstd may inflate to ${most} bytes, above ${limit}`);
  }
  const parts = frames.map((frame) => inflateFrame(run, bytes, frame));
  const [only] = parts;
  return parts.length === 1 ? only! : Buffer.concat(parts);
}

/** The decoder gives no bytes at all for a frame that does not inflate; an allocation that fails goes unnoticed. */
function inflateFrame(run: ZSTDDecoder, bytes: Buffer, frame: ZstdFrame): Buffer {
  const most = frame.contentBytes ?? frame.mostBytes;
  const compressed = bytes.subarray(frame.start, frame.end);
  if (compressed.length + most > MOST_AT_ONCE_BYTES) {
    throw new LimitError(
      `zstd frame may need ${compressed.length + most} bytes, above ${MOST_AT_ONCE_BYTES}`,
    );
  }
  let part: Uint8Array;
  try {
    part = run.decode(compressed, Math.max(1, most));
  } catch (cause) {
    throw new FormatError('zstd frame does not inflate', { cause });
  }
  const expected = frame.contentBytes ?? part.length;
  if (part.length !== expected || (part.length === 0 && most > 0)) {
    throw new FormatError(`zstd frame does not inflate to its ${most} bytes`);
  }
  return Buffer.from(part.buffer, part.byteOffset, part.length);
}

/**
 * Inflates a zstd stream piece by piece: memory holds a slice of it, a piece, and the window that its frames ask for, 128 MiB at
 * most.
 *
 * The decoder says nothing of errors: after one it gives empty pieces for ever. A piece may also be empty because a
 * slice ends before a block does; then the decoder goes on to ask for the next slice, which is how the two are told apart.
 */
export class ZstdStream {
  readonly #pieces: Generator<Uint8Array>;
  readonly #bytes: Buffer;
  #given = 0;
  #left = false;

  /** @throws UsageError before {@link loadZstd} */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#pieces = loadedDecoder().decodeStreaming(this.#slices());
  }

  /** The next piece, at most 128 KiB; undefined at the end. @throws FormatError where the bytes do not inflate, or end early */
  next(): Uint8Array | undefined {
    for (let emptyAt = -1; ; ) {
      const step = this.#step();
      if (step.done === true) return undefined;
      if (step.value.length > 0) return step.value;
      if (emptyAt === this.#given) throw new FormatError('zstd does not inflate');
      emptyAt = this.#given;
    }
  }

  /** Gives the decoder's memory back where the rest is not wanted. */
  leave(): void {
    this.#left = true;
    try {
      for (let count = 0; count < LEAVE_PIECES && this.#step().done !== true; count += 1);
    } catch {
      // What was left is not whole: that is what leaving means.
    }
  }

  #step(): IteratorResult<Uint8Array> {
    try {
      return this.#pieces.next();
    } catch (cause) {
      throw new FormatError('zstd ends early', { cause });
    }
  }

  *#slices(): Generator<Uint8Array> {
    while (!this.#left && this.#given < this.#bytes.length) {
      const start = this.#given;
      this.#given = Math.min(start + SLICE_BYTES, this.#bytes.length);
      yield this.#bytes.subarray(start, this.#given);
    }
  }
}
