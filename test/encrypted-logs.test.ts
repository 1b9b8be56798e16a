import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  decodeBody,
  decodeEncryptionHeader,
  decryptLog,
  decryptPassword,
  ENCRYPTION_HEADER_BYTES,
  EventFramer,
  encodeEncryptionHeader,
  LogState,
  LogStreamCipher,
  MARIADB_LOG_KEY_ID,
  MariadbEventCipher,
  makeEncryptionHeader,
  parseMariadbKeyFile,
  parseMysqlKeyring,
  RawEvent,
  verifyChecksum,
} from '../src/binlog/index.ts';
import { FormatError } from '../src/errors/index.ts';

// Logs of a MySQL 9.7.4 with component_keyring_file and a MariaDB 11.8.6 with file_key_management, and those servers' key files.
const folder = join(import.meta.dirname, 'encrypted');
const read = (name: string): Buffer => readFileSync(join(folder, name));
const mysqlKeys = parseMysqlKeyring(read('mysql97.keyring.json').toString());
const mariadbKeys = parseMariadbKeyFile(read('mariadb118.keys.txt').toString());

/** Names of all events, their checksums verified. */
function eventNames(framer: EventFramer): string[] {
  const state = new LogState();
  const event = new RawEvent();
  const names: string[] = [];
  while (framer.next(event)) {
    verifyChecksum(event);
    const body = decodeBody(event, state);
    names.push(event.name);
    if (body.kind === 'formatDescription') state.setFormat(body);
    if (body.kind === 'startEncryption') {
      framer.cipher = new MariadbEventCipher(body, mariadbKeys.get(MARIADB_LOG_KEY_ID)!);
    }
  }
  expect(framer.pending).toBe(0);
  return names;
}

test('an encrypted MySQL log opens with the key of its keyring', () => {
  const bytes = read('mysql97.binlog');
  const header = decodeEncryptionHeader(bytes);
  const log = decryptLog(bytes, mysqlKeys.get(header.keyId)!);
  const framer = new EventFramer();
  framer.adopt(log.subarray(4));
  const names = eventNames(framer);
  expect(names).toContain('UPDATE_ROWS_EVENT');
  expect(log.includes('secret one')).toBe(true);
  expect(bytes.includes('secret one')).toBe(false);
});

test('its header and stream encrypt to the same bytes', () => {
  const bytes = read('mysql97.binlog');
  const header = decodeEncryptionHeader(bytes);
  const key = mysqlKeys.get(header.keyId)!;
  const password = decryptPassword(header, key);
  expect(makeEncryptionHeader(header.keyId, key, password, header.iv)).toEqual(header);
  expect(encodeEncryptionHeader(header).equals(bytes.subarray(0, ENCRYPTION_HEADER_BYTES))).toBe(true);
  const cipher = new LogStreamCipher(password);
  expect(cipher.apply(decryptLog(bytes, key), 0).equals(bytes.subarray(ENCRYPTION_HEADER_BYTES))).toBe(true);
});

test('the stream decrypts from any offset, in any pieces', () => {
  const bytes = read('mysql97.binlog');
  const header = decodeEncryptionHeader(bytes);
  const key = mysqlKeys.get(header.keyId)!;
  const log = decryptLog(bytes, key);
  const stream = bytes.subarray(ENCRYPTION_HEADER_BYTES);
  const cipher = new LogStreamCipher(decryptPassword(header, key));
  for (const [start, end] of [
    [0, 5],
    [5, 40],
    [700, 701],
    [16, 33],
    [33, 900],
    [3, 3],
  ] as const) {
    expect(cipher.apply(stream.subarray(start, end), start).equals(log.subarray(start, end))).toBe(true);
  }
});

test('a wrong key is an error, not a log', () => {
  expect(() => decryptLog(read('mysql97.binlog'), Buffer.alloc(32, 1))).toThrow('does not open');
  const damaged = read('mysql97.binlog');
  // Its fields end after 116 bytes.
  for (let length = 0; length < 116; length += 1) {
    expect(() => decodeEncryptionHeader(damaged.subarray(0, length))).toThrow(FormatError);
  }
});

test('an encrypted MariaDB log opens event by event', () => {
  const bytes = read('mariadb118.binlog');
  const framer = new EventFramer();
  framer.push(bytes.subarray(4));
  const names = eventNames(framer);
  expect(names.slice(0, 3)).toEqual([
    'FORMAT_DESCRIPTION_EVENT',
    'START_ENCRYPTION_EVENT',
    'GTID_LIST_EVENT',
  ]);
  expect(names).toContain('UPDATE_ROWS_EVENT_V1');
});

test('a MariaDB event encrypts to the bytes it came from', () => {
  const bytes = read('mariadb118.binlog');
  const framer = new EventFramer();
  framer.adopt(Buffer.from(bytes.subarray(4)));
  const state = new LogState();
  const event = new RawEvent();
  let cipher: MariadbEventCipher | undefined;
  let encrypted = 0;
  while (framer.next(event)) {
    const again = Buffer.from(event.view());
    if (cipher !== undefined) {
      cipher.encrypt(again, 0, again.length, event.position);
      encrypted += 1;
    }
    const { position } = event;
    expect(again.equals(bytes.subarray(position, position + again.length))).toBe(true);
    const body = decodeBody(event, state);
    if (body.kind === 'formatDescription') state.setFormat(body);
    if (body.kind === 'startEncryption') {
      cipher = new MariadbEventCipher(body, mariadbKeys.get(MARIADB_LOG_KEY_ID)!);
      framer.cipher = cipher;
    }
  }
  expect(encrypted).toBeGreaterThan(8);
});

test('key files that are none say which line, never what stands in it', () => {
  expect(() => parseMariadbKeyFile('1;00112233445566778899aabbccddeeff\n2;dead\n')).toThrow(/^line 2 of/);
  expect(() => parseMysqlKeyring('{"elements": [{"data_id": "a", "data": "secret"}]}')).toThrow(
    /^(?!.*secret)/,
  );
  expect(() => parseMysqlKeyring('dead beef')).toThrow(/^the keyring is not JSON$/);
});
