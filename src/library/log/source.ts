import { bufferOf } from '../../bytes/index.ts';
import { bufferSource, fileSource } from '../../store/index.ts';

/** Where a log comes from: a path, the bytes of a log, or chunks that arrive over time (a socket, an object store). */
export type LogSource = string | Uint8Array | AsyncIterable<Uint8Array>;

/** A source in one form: chunks at once, or chunks awaited. */
export interface ChunkSource {
  readonly name: string;
  /** Reads the next bytes into the start of `space` and returns their number, 0 at the end. Undefined where they must be awaited. */
  readonly read: ((space: Buffer) => number) | undefined;
  /** The next chunk; undefined at the end. */
  readonly wait: () => Promise<Uint8Array | undefined>;
  readonly close: () => Promise<void>;
}

/** Opens a source. @throws the file system's error where there is no such file */
export function chunkSource(source: LogSource): ChunkSource {
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) return awaitedSource(source);
  const bytes = typeof source === 'string' ? fileSource(source) : bufferSource(bufferOf(source));
  return {
    name: bytes.name,
    read: (space) => bytes.read(space),
    wait: () => Promise.resolve(undefined),
    close: () => Promise.resolve(bytes.close()),
  };
}

function awaitedSource(source: AsyncIterable<Uint8Array>): ChunkSource {
  const iterator = source[Symbol.asyncIterator]();
  return {
    name: 'stream',
    read: undefined,
    wait: async () => {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}
