import { FormatError, LimitError } from '../errors/index.ts';

/** What zstd is given at once. */
const SLICE_BYTES = 16 * 1024;
/** `ZSTD_inBuffer` and `ZSTD_outBuffer`: an address, a size and a position, of 32 bits each. */
const BUFFER_BYTES = 12;
const NOTHING = new Uint8Array(0);

/** Functions of zstd's WebAssembly. Addresses and sizes have 32 bits; an error is a size that is negative as a signed number. */
export interface ZstdFunctions {
  /** The buffer is another one after it grew. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /** 0: there is no memory left. */
  malloc(bytes: number): number;
  free(address: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  ZSTD_DStreamOutSize(): number;
  /** 0 where a frame has ended and all of it was given out. */
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/**
 * Inflates a zstd stream piece by piece: memory holds a slice of it, a piece, and the window that its frames ask for, 128 MiB at
 * most. It is given back at the end, after an error, and by {@link leave}.
 */
export class ZstdStream {
  readonly #zstd: ZstdFunctions;
  readonly #bytes: Buffer;
  readonly #pieceBytes: number;
  /** 0: memory was given back. */
  #context: number;
  /** Address of what is one allocation: the two buffers' structures, a slice, a piece. */
  readonly #block: number;
  #given = 0;
  #status = 0;

  /** @throws LimitError there is no memory for it */
  constructor(zstd: ZstdFunctions, bytes: Buffer) {
    this.#zstd = zstd;
    this.#bytes = bytes;
    this.#pieceBytes = zstd.ZSTD_DStreamOutSize();
    this.#block = zstd.malloc(2 * BUFFER_BYTES + SLICE_BYTES + this.#pieceBytes);
    this.#context = this.#block === 0 ? 0 : zstd.ZSTD_createDCtx();
    if (this.#context !== 0) return;
    zstd.free(this.#block);
    throw new LimitError('zstd has no memory left for another stream');
  }

  /** The next piece, at most 128 KiB; undefined at the end. @throws FormatError where the bytes do not inflate, or end early */
  next(): Uint8Array | undefined {
    while (this.#context !== 0) {
      if (this.#status < 0) throw this.#failed('zstd does not inflate');
      const isFed = this.#feed();
      if (!isFed && this.#status === 0) break;
      const piece = this.#inflate();
      if (piece.length > 0) return piece;
      if (!isFed) throw this.#failed('zstd ends early');
    }
    this.leave();
    return undefined;
  }

  /** Gives the memory back where the rest is not wanted. */
  leave(): void {
    if (this.#context === 0) return;
    this.#zstd.ZSTD_freeDCtx(this.#context);
    this.#zstd.free(this.#block);
    this.#context = 0;
  }

  #failed(message: string): FormatError {
    this.leave();
    return new FormatError(message);
  }

  /** Sees to it that there is something to read. False: all was read. */
  #feed(): boolean {
    const input = this.#words(this.#block);
    if (input[2]! < input[1]! && this.#given > 0) return true;
    const { buffer } = this.#zstd.memory;
    const slice = this.#bytes.subarray(this.#given, this.#given + SLICE_BYTES);
    const address = this.#block + 2 * BUFFER_BYTES;
    new Uint8Array(buffer, address, slice.length).set(slice);
    input.set([address, slice.length, 0]);
    this.#given += slice.length;
    return slice.length > 0;
  }

  #inflate(): Uint8Array {
    const output = this.#block + BUFFER_BYTES;
    const address = this.#block + 2 * BUFFER_BYTES + SLICE_BYTES;
    this.#words(output).set([address, this.#pieceBytes, 0]);
    this.#status = this.#zstd.ZSTD_decompressStream(this.#context, output, this.#block);
    const written = this.#words(output)[2]!;
    return written === 0 ? NOTHING : new Uint8Array(this.#zstd.memory.buffer, address, written).slice();
  }

  #words(address: number): Uint32Array {
    return new Uint32Array(this.#zstd.memory.buffer, address, BUFFER_BYTES / 4);
  }
}
