import type { ZSTDDecoder } from 'zstddec/stream';
import { FormatError, LimitError, UsageError } from '../errors/index.ts';
import { type ZstdFrame, zstdFrames } from './frames.ts';
import { type ZstdFunctions, ZstdStream } from './stream.ts';

/** Memory of the WebAssembly zstd for one frame inflated at once: it can have 2 GiB and must not run out. */
const MOST_AT_ONCE_BYTES = 0x4000_0000 + 0x1000_0000;
/** What a block inflates to at most (RFC 8878): the last of each frame is mostly smaller. */
const BLOCK_BYTES = 128 * 1024;
/** The package, and the functions of its WebAssembly: its own streams never end, nor give their memory back, after an error. */
interface LoadedZstd {
  readonly decoder: ZSTDDecoder;
  readonly functions: ZstdFunctions;
}

let loaded: LoadedZstd | undefined;
let loading: Promise<void> | undefined;

/** Makes zstd ready: await it once, when the first compressed bytes are met. After that everything is synchronous. */
export function loadZstd(): Promise<void> {
  return (loading ??= load());
}

async function load(): Promise<void> {
  const { ZSTDDecoder: Decoder } = await import('zstddec/stream');
  class OpenDecoder extends Decoder {
    static functions: ZstdFunctions | undefined;

    override _init(result: { readonly instance: { readonly exports: ZstdFunctions } }): void {
      super._init(result);
      OpenDecoder.functions = result.instance.exports;
    }
  }
  const decoder = new OpenDecoder();
  await decoder.init();
  const { functions } = OpenDecoder;
  if (functions === undefined) throw new UsageError('zstd was loaded before, by another');
  loaded = { decoder, functions };
}

function loadedZstd(): LoadedZstd {
  if (loaded === undefined) throw new UsageError('zstd is not loaded: await loadZstd() first');
  return loaded;
}

/**
 * Inflates a zstd stream at once, frame by frame. Memory is set aside only for what the frames' blocks can hold.
 *
 * @param limit bytes that it may inflate to
 * @throws FormatError where it does not inflate, LimitError where it may exceed the limit, UsageError before {@link loadZstd}
 */
export function inflateZstd(bytes: Buffer, limit: number): Buffer {
  const { decoder } = loadedZstd();
  const frames = zstdFrames(bytes);
  let most = 0;
  for (const frame of frames) most += frame.contentBytes ?? frame.mostBytes;
  // Every compressed block counts as a full one.
  if (most > limit + frames.length * BLOCK_BYTES) {
    throw new LimitError(`zstd may inflate to ${most} bytes, above ${limit}`);
  }
  const parts = frames.map((frame) => inflateFrame(decoder, bytes, frame));
  const [only] = parts;
  return parts.length === 1 ? only! : Buffer.concat(parts);
}

/** The decoder gives no bytes at all for a frame that does not inflate; an allocation that fails goes unnoticed. */
function inflateFrame(decoder: ZSTDDecoder, bytes: Buffer, frame: ZstdFrame): Buffer {
  const most = frame.contentBytes ?? frame.mostBytes;
  const compressed = bytes.subarray(frame.start, frame.end);
  if (compressed.length + most > MOST_AT_ONCE_BYTES) {
    throw new LimitError(
      `zstd frame may need ${compressed.length + most} bytes, above ${MOST_AT_ONCE_BYTES}`,
    );
  }
  let part: Uint8Array;
  try {
    part = decoder.decode(compressed, Math.max(1, most));
  } catch (cause) {
    throw new FormatError('zstd frame does not inflate', { cause });
  }
  const expected = frame.contentBytes ?? part.length;
  if (part.length !== expected || (part.length === 0 && most > 0)) {
    throw new FormatError(`zstd frame does not inflate to its ${most} bytes`);
  }
  return Buffer.from(part.buffer, part.byteOffset, part.length);
}

/** Inflates a zstd stream piece by piece. @throws UsageError before {@link loadZstd}, LimitError there is no memory for it */
export function streamZstd(bytes: Buffer): ZstdStream {
  return new ZstdStream(loadedZstd().functions, bytes);
}
