import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { FormatError, UsageError } from '../../errors/index.ts';

const PIECE_BYTES = 256 * 1024;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The bytes of a dump, inflated where gzip deflated them.
 *
 * @param path of the file; undefined: `standardInput`
 * @throws UsageError the file cannot be read; FormatError it does not inflate, or is compressed in another way
 */
export async function* openDump(
  path: string | undefined,
  standardInput?: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const source = path === undefined ? standardInput : createReadStream(path, { highWaterMark: PIECE_BYTES });
  if (source === undefined) throw new UsageError('nothing to read the dump from');
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    const first = await pieces.next();
    if (first.done === true) throw new FormatError('the dump is empty');
    const head = Buffer.from(first.value.subarray(0, ZSTD_MAGIC.length));
    if (head.equals(ZSTD_MAGIC)) {
      throw new FormatError('the dump is compressed with zstd', {
        hint: 'Give it through a pipe: zstd -dc dump.sql.zst | rowlock replicate --from-dump=- …',
      });
    }
    const isDeflated = head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
    if (isDeflated) yield* inflated(whole(first.value, pieces));
    else yield* whole(first.value, pieces);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw cause;
    throw new UsageError(`the dump cannot be read: ${message}`, { cause });
  } finally {
    await pieces.return?.();
  }
}

async function* whole(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    const { done, value } = await rest.next();
    if (done === true) return;
    yield value;
  }
}

async function* inflated(deflated: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const feeding = feed(deflated, gunzip);
  feeding.catch((error: unknown) => gunzip.destroy(error as Error));
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || !code.startsWith('Z_')) throw cause;
    throw new FormatError('the dump does not inflate: it is not whole', { cause });
  } finally {
    gunzip.destroy();
  }
}

async function feed(pieces: AsyncGenerator<Uint8Array>, into: NodeJS.WritableStream): Promise<void> {
  for await (const piece of pieces) {
    if (!into.write(piece)) await new Promise((resolve) => into.once('drain', resolve));
  }
  into.end();
}
