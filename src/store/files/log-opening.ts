import {
  decodeEncryptionHeader,
  decryptPassword,
  ENCRYPTED_MAGIC,
  ENCRYPTION_HEADER_BYTES,
  type EventCipher,
  type EventFramer,
  type KeyContainer,
  LogStreamCipher,
  MARIADB_LOG_KEY_ID,
  MariadbEventCipher,
  type StartEncryption,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';

/** What every plain log begins with. */
export const LOG_MAGIC: Buffer = Buffer.from([0xfe, 0x62, 0x69, 0x6e]);

/** What is taken for a log, by how it begins, in hexadecimal. */
const OTHER_FILES: readonly (readonly [begin: string, hint: string])[] = [
  ['1f8b', 'It is packed by gzip: unpack it, or hand it over in a pipe: gzip -dc FILE | rowlock binlog -'],
  [
    '28b52ffd',
    'It is packed by zstd: unpack it, or hand it over in a pipe: zstd -dc FILE | rowlock binlog -',
  ],
  ['fd377a58', 'It is packed by xz: unpack it, or hand it over in a pipe: xz -dc FILE | rowlock binlog -'],
  // `./`, as the servers write it.
  ['2e2f', 'It looks like an index, which lists the logs: name those.'],
];

const NO_KEY_HINT =
  'Give the keys of the server that wrote it: --decrypt-key-file, or the keys option of the library.';

function keyOf(keys: KeyContainer | undefined, name: string): Buffer {
  const key = keys?.get(name);
  if (key === undefined) {
    throw new FormatError(`the log is encrypted with the key '${name}'`, {
      code: 'BINLOG_ENCRYPTED',
      hint: NO_KEY_HINT,
    });
  }
  return key;
}

/** What stands before the first event: the magic, or an encryption header and the magic behind it. */
export class LogOpening {
  /** Whether the magic has been passed: events follow. */
  done = false;
  readonly #framer: EventFramer;
  readonly #keys: KeyContainer | undefined;
  #cipher: LogStreamCipher | undefined;
  /** Bytes of the log decrypted so far. */
  #offset = 0;

  constructor(framer: EventFramer, keys: KeyContainer | undefined) {
    this.#framer = framer;
    this.#keys = keys;
  }

  get encrypted(): boolean {
    return this.#cipher !== undefined;
  }

  /** Decrypts bytes that have just been read, in place. */
  decrypt(bytes: Buffer, count: number): void {
    if (this.#cipher === undefined) return;
    this.#cipher.apply(bytes.subarray(0, count), this.#offset).copy(bytes);
    this.#offset += count;
  }

  /** Passes over the magic once its bytes are there. @throws FormatError where they are others */
  advance(): boolean {
    const framer = this.#framer;
    const start = framer.rest();
    if (start.length < LOG_MAGIC.length) return false;
    const magic = start.subarray(0, LOG_MAGIC.length);
    if (magic.equals(LOG_MAGIC)) {
      framer.skip(LOG_MAGIC.length);
      this.done = true;
      return true;
    }
    if (magic.equals(ENCRYPTED_MAGIC) && this.#cipher === undefined) {
      if (start.length < ENCRYPTION_HEADER_BYTES) return false;
      const header = decodeEncryptionHeader(start);
      this.#cipher = new LogStreamCipher(decryptPassword(header, keyOf(this.#keys, header.keyId)));
      // What has been read past the header is still encrypted. Positions do not count the header.
      framer.skip(ENCRYPTION_HEADER_BYTES);
      framer.position = 0;
      const rest = framer.rest();
      this.decrypt(rest, rest.length);
      return this.advance();
    }
    const context = { position: 0 };
    if (this.#cipher !== undefined)
      throw new FormatError('the key does not open the log', { code: 'BINLOG_KEY', context });
    const begin = magic.toString('hex');
    const hint = OTHER_FILES.find(([bytes]) => begin.startsWith(bytes))?.[1];
    throw new FormatError(`not a binary log: begins with ${begin}`, {
      code: 'BINLOG_MAGIC',
      context,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** The cipher for the events after a START_ENCRYPTION of MariaDB. @throws FormatError where the key is not at hand */
export function mariadbCipher(start: StartEncryption, keys: KeyContainer | undefined): EventCipher {
  return new MariadbEventCipher(start, keyOf(keys, MARIADB_LOG_KEY_ID));
}
