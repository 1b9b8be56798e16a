import zlib from 'node:zlib';
import type { ZSTDDecoder } from 'zstddec';
import { FormatError, LimitError, UsageError } from '../../errors/index.ts';
import { limits } from '../limits.ts';
import { type ZstdFrame, zstdFrames } from './zstd-frame.ts';

type Inflate = (frame: Buffer, most: number) => Uint8Array;

/** zstd came to `node:zlib` with Node 22.15 and 23.8. */
const native = (zlib as { zstdDecompressSync?: (bytes: Buffer, options: object) => Buffer })
  .zstdDecompressSync;

const nativeInflate: Inflate | undefined =
  native && ((frame, most) => native(frame, { maxOutputLength: Math.max(1, most) }));

let inflate: Inflate | undefined = nativeInflate;
let loading: Promise<void> | undefined;

/**
 * Makes {@link inflateZstd} ready: await it once, when the first compressed payload is met. Where Node has no zstd of its
 * own, this compiles one of WebAssembly; after that everything is synchronous.
 */
export function loadZstd(): Promise<void> {
  return (loading ??= inflate === undefined ? loadWebAssembly() : Promise.resolve());
}

/** Whether payloads can be inflated without waiting for {@link loadZstd}. */
export function isZstdLoaded(): boolean {
  return inflate !== undefined;
}

async function loadWebAssembly(): Promise<void> {
  const { ZSTDDecoder: Decoder } = await import('zstddec');
  const decoder = new Decoder();
  await decoder.init();
  inflate = webAssemblyInflate(decoder);
}

/**
 * One frame in one call: the package's streaming decoder neither notices errors nor frees its memory when it is left early.
 * Its one-shot decoder gives no bytes at all for a frame that does not inflate; an allocation that fails would go unnoticed,
 * hence the limit.
 */
function webAssemblyInflate(decoder: ZSTDDecoder): Inflate {
  return (frame, most) => {
    if (frame.length + most > limits.zstdBytes) {
      throw new LimitError(`zstd frame may need ${frame.length + most} bytes, above ${limits.zstdBytes}`, {
        hint: 'Node 22.15 and later inflate larger payloads.',
      });
    }
    return decoder.decode(frame, Math.max(1, most));
  };
}

/**
 * Inflates a zstd stream, frame by frame. Memory is set aside only for what the frames' blocks can hold.
 *
 * @throws FormatError where it does not inflate, LimitError where it may exceed `limits.inflatedBytes`,
 *   UsageError before {@link loadZstd}
 */
export function inflateZstd(bytes: Buffer): Buffer {
  if (inflate === undefined) throw new UsageError('zstd is not loaded: await loadZstd() first');
  const frames = zstdFrames(bytes);
  let most = 0;
  for (const frame of frames) most += frame.contentBytes ?? frame.mostBytes;
  // Every compressed block counts as a full one: the last of each frame is mostly smaller.
  if (most > limits.inflatedBytes + frames.length * 0x2_0000) {
    throw new LimitError(`payload may inflate to ${most} bytes, above ${limits.inflatedBytes}`);
  }
  const parts = frames.map((frame) => inflateFrame(inflate!, bytes, frame));
  const [only] = parts;
  return parts.length === 1 ? only! : Buffer.concat(parts);
}

function inflateFrame(run: Inflate, bytes: Buffer, frame: ZstdFrame): Buffer {
  const most = frame.contentBytes ?? frame.mostBytes;
  let part: Uint8Array;
  try {
    part = run(bytes.subarray(frame.start, frame.end), most);
  } catch (cause) {
    if (cause instanceof LimitError) throw cause;
    throw new FormatError('zstd frame does not inflate', { cause });
  }
  const expected = frame.contentBytes ?? part.length;
  if (part.length !== expected || (part.length === 0 && most > 0)) {
    throw new FormatError(`zstd frame does not inflate to its ${most} bytes`);
  }
  return Buffer.from(part.buffer, part.byteOffset, part.length);
}
