import { createCipheriv, createDecipheriv } from 'node:crypto';
import { FormatError, UsageError } from '../../errors/index.ts';
import { LENGTH_AT } from '../event-layout.ts';
import type { StartEncryption } from '../events/mariadb-stream.ts';
import type { EventCipher } from '../framer.ts';

const BLOCK_BYTES = 16;
/** Of an event's length, which is in the clear, so that events can be framed. */
const LENGTH_BYTES = 4;
/** MariaDB's only scheme (BINLOG_CRYPTO_SCHEME 1). */
const SCHEME = 1;

/**
 * MariaDB's encryption of a log (`encrypt_binlog`): each event after START_ENCRYPTION by itself, without growing.
 *
 * The timestamp moves over the length, the rest of the event from byte 4 is AES-CBC without padding; what does not fill a
 * block is combined with the encrypted iv instead. The iv is the log's nonce and the event's file offset.
 */
export class MariadbEventCipher implements EventCipher {
  readonly #key: Buffer;
  readonly #algorithm: string;
  readonly #iv: Buffer;

  /** @throws FormatError for an unknown scheme, UsageError for a key that is not 16, 24 or 32 bytes long */
  constructor(start: Pick<StartEncryption, 'scheme' | 'nonce'>, key: Buffer) {
    if (start.scheme !== SCHEME) {
      throw new FormatError(`encryption scheme ${start.scheme} is unknown`, { code: 'BINLOG_UNSUPPORTED' });
    }
    if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
      throw new UsageError(`an encryption key has 16, 24 or 32 bytes, not ${key.length}`);
    }
    this.#key = key;
    this.#algorithm = `aes-${key.length * 8}`;
    this.#iv = Buffer.alloc(BLOCK_BYTES);
    start.nonce.copy(this.#iv);
  }

  /** Decrypts the event at `[start, end)` in place; `position` is its offset in the file. */
  decrypt(bytes: Buffer, start: number, end: number, position: number): void {
    const length = bytes.readUInt32LE(start + LENGTH_AT);
    bytes.copyWithin(start + LENGTH_AT, start, start + LENGTH_BYTES);
    this.#transform(bytes, start + LENGTH_BYTES, end, position, false);
    bytes.copyWithin(start, start + LENGTH_AT, start + LENGTH_AT + LENGTH_BYTES);
    bytes.writeUInt32LE(length, start + LENGTH_AT);
  }

  /** The mirror of {@link decrypt}. */
  encrypt(bytes: Buffer, start: number, end: number, position: number): void {
    const length = bytes.readUInt32LE(start + LENGTH_AT);
    bytes.copyWithin(start + LENGTH_AT, start, start + LENGTH_BYTES);
    this.#transform(bytes, start + LENGTH_BYTES, end, position, true);
    bytes.copyWithin(start, start + LENGTH_AT, start + LENGTH_AT + LENGTH_BYTES);
    bytes.writeUInt32LE(length, start + LENGTH_AT);
  }

  #transform(bytes: Buffer, start: number, end: number, position: number, encrypt: boolean): void {
    this.#iv.writeUInt32LE(position % 0x1_0000_0000, BLOCK_BYTES - 4);
    const whole = end - ((end - start) % BLOCK_BYTES);
    if (whole > start) {
      const make = encrypt ? createCipheriv : createDecipheriv;
      const cipher = make(`${this.#algorithm}-cbc`, this.#key, this.#iv).setAutoPadding(false);
      cipher.update(bytes.subarray(start, whole)).copy(bytes, start);
    }
    if (whole === end) return;
    const mask = createCipheriv(`${this.#algorithm}-ecb`, this.#key, null)
      .setAutoPadding(false)
      .update(this.#iv);
    for (let at = whole; at < end; at += 1) bytes[at]! ^= mask[at - whole]!;
  }
}
