import { createCipheriv, createDecipheriv, createHash, type Decipher } from 'node:crypto';
import { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';

/** What opens an encrypted log in place of the usual magic. */
export const ENCRYPTED_MAGIC: Buffer = Buffer.from([0xfd, 0x62, 0x69, 0x6e]);

/** Bytes of an encrypted log before its encrypted stream; positions in the log do not count them. */
export const ENCRYPTION_HEADER_BYTES = 512;

const VERSION = 1;
const Field = { END: 0, KEY_ID: 1, PASSWORD: 2, IV: 3 } as const;
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;

/**
 * The header of an encrypted log or relay log (MySQL 8.0.14, `binlog_encryption`):
 *
 *   bytes  field
 *   4      magic FD 'bin'
 *   1      version, 1
 *   fields type 1 (key id: length 1, text), 2 (encrypted password: 32 bytes), 3 (its iv: 16 bytes); type 0 ends them
 *   rest   zeros, to 512 bytes
 */
export interface EncryptionHeader {
  /** Name of the key in the server's keyring: `MySQLReplicationKey_<server uuid>_<number>`. */
  readonly keyId: string;
  /** The file's own password, encrypted with that key. */
  readonly encryptedPassword: Buffer;
  readonly iv: Buffer;
}

/** @throws FormatError where the bytes are no such header */
export function decodeEncryptionHeader(bytes: Buffer): EncryptionHeader {
  const cursor = new Cursor(bytes.subarray(0, ENCRYPTION_HEADER_BYTES));
  if (!cursor.view(ENCRYPTED_MAGIC.length).equals(ENCRYPTED_MAGIC)) {
    throw new FormatError('no encrypted log: the magic is missing');
  }
  const version = cursor.u8();
  if (version !== VERSION) throw new FormatError(`encrypted log of unknown version ${version}`);
  let keyId = '';
  let encryptedPassword: Buffer | undefined;
  let iv: Buffer | undefined;
  for (let type = cursor.u8(); type !== Field.END; type = cursor.u8()) {
    if (type === Field.KEY_ID) keyId = cursor.latin1(cursor.u8());
    else if (type === Field.PASSWORD) encryptedPassword = cursor.copy(KEY_BYTES);
    else if (type === Field.IV) iv = cursor.copy(BLOCK_BYTES);
    else throw new FormatError(`encrypted log has an unknown header field ${type}`);
  }
  if (keyId === '' || encryptedPassword === undefined || iv === undefined) {
    throw new FormatError('encrypted log lacks its key id, password or iv');
  }
  return { keyId, encryptedPassword, iv };
}

export function encodeEncryptionHeader(header: EncryptionHeader): Buffer {
  const writer = new Writer(ENCRYPTION_HEADER_BYTES);
  writer.bytes(ENCRYPTED_MAGIC);
  writer.u8(VERSION);
  writer.u8(Field.KEY_ID);
  writer.u8(header.keyId.length);
  writer.latin1(header.keyId);
  writer.u8(Field.PASSWORD);
  writer.bytes(header.encryptedPassword);
  writer.u8(Field.IV);
  writer.bytes(header.iv);
  writer.zeros(ENCRYPTION_HEADER_BYTES - writer.length);
  return writer.take();
}

function checkKey(key: Buffer): void {
  if (key.length !== KEY_BYTES) throw new UsageError(`a log's key has ${KEY_BYTES} bytes, not ${key.length}`);
}

/** The file password behind a header. A wrong key gives a wrong password, and a log that does not start with its magic. */
export function decryptPassword(header: EncryptionHeader, key: Buffer): Buffer {
  checkKey(key);
  const cipher = createDecipheriv('aes-256-cbc', key, header.iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(header.encryptedPassword), cipher.final()]);
}

/** A header for a new log: `password` (32 bytes) and `iv` (16) are to be random. */
export function makeEncryptionHeader(
  keyId: string,
  key: Buffer,
  password: Buffer,
  iv: Buffer,
): EncryptionHeader {
  checkKey(key);
  checkKey(password);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return { keyId, encryptedPassword: Buffer.concat([cipher.update(password), cipher.final()]), iv };
}

/**
 * The stream after the header: AES-256 in counter mode, so that the same transform encrypts and decrypts, from any offset.
 *
 * Key and first counter are SHA-512 of the password (OpenSSL's BytesToKey, one round); the counter's last 8 bytes count blocks.
 */
export class LogStreamCipher {
  readonly #key: Buffer;
  readonly #nonce: Buffer;
  #offset = -1;
  #stream: Decipher | undefined;

  constructor(password: Buffer) {
    const derived = createHash('sha512').update(password).digest();
    this.#key = derived.subarray(0, KEY_BYTES);
    this.#nonce = derived.subarray(KEY_BYTES, KEY_BYTES + BLOCK_BYTES / 2);
  }

  /** Transforms bytes that stand at `offset` of the log, the header not counted. Quickest when calls follow each other. */
  apply(bytes: Uint8Array, offset: number): Buffer {
    if (this.#stream === undefined || offset !== this.#offset) this.#stream = this.#streamAt(offset);
    this.#offset = offset + bytes.length;
    return this.#stream.update(bytes);
  }

  #streamAt(offset: number): Decipher {
    const within = offset % BLOCK_BYTES;
    const counter = Buffer.alloc(BLOCK_BYTES);
    this.#nonce.copy(counter);
    counter.writeBigUInt64BE(BigInt((offset - within) / BLOCK_BYTES), BLOCK_BYTES / 2);
    const stream = createDecipheriv('aes-256-ctr', this.#key, counter);
    stream.update(Buffer.alloc(within));
    return stream;
  }
}

/** Decrypts a whole encrypted log in memory: what comes out begins with the ordinary magic. */
export function decryptLog(bytes: Buffer, key: Buffer): Buffer {
  const cipher = new LogStreamCipher(decryptPassword(decodeEncryptionHeader(bytes), key));
  const log = cipher.apply(bytes.subarray(ENCRYPTION_HEADER_BYTES), 0);
  if (log.length >= 4 && log.readUInt32BE(0) !== 0xfe62_696e) {
    throw new FormatError('the key does not open the log', { code: 'BINLOG_KEY' });
  }
  return log;
}
