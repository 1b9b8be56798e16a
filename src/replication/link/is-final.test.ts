import { expect, test } from 'vitest';
import {
  ChecksumError,
  ConnectionError,
  ProtocolError,
  SecurityError,
  ServerError,
  UsageError,
} from '../../errors/index.ts';
import { ReplicationError } from '../replication-error.ts';
import { isFinalError } from './is-final.ts';

const server = (errno: number): ServerError => new ServerError(errno, 'HY000', 'words');
const tls = (code: string, words: string): SecurityError =>
  new SecurityError(2026, 'SSL connection error', { code, cause: new Error(words) });

const final: readonly Error[] = [
  server(1236),
  server(1045),
  server(1130),
  server(3159),
  new ConnectionError(2061, 'Authentication requires secure connection.'),
  new ReplicationError('REPLICATION_SOURCE_CHANGED', 1593, 'another server answers'),
  tls('TLS_CERT_HAS_EXPIRED', 'certificate has expired'),
  tls('TLS_HANDSHAKE', 'error:0A000102:SSL routines::unsupported protocol'),
  tls('TLS_HANDSHAKE', 'error:0A000418:SSL routines::tlsv1 alert unknown ca'),
  tls('TLS_HANDSHAKE', 'error:0A00045C:SSL routines::tlsv13 alert certificate required'),
  new UsageError('no such thing'),
  new TypeError('a mistake of ours'),
];

const passing: readonly Error[] = [
  server(1040),
  server(3032),
  server(1053),
  server(1317),
  new ConnectionError(2003, "Can't connect to MySQL server"),
  new ConnectionError(2013, 'Lost connection to MySQL server during query'),
  new ChecksumError('checksum is 0x1, the bytes give 0x2'),
  new ProtocolError('packets out of order'),
  new ReplicationError('REPLICATION_SILENCE', 2013, 'nothing arrived'),
  tls('TLS_HANDSHAKE', 'Client network socket disconnected before secure TLS connection was established'),
  tls('TLS_HANDSHAKE', 'error:0A000119:SSL routines::decryption failed or bad record mac'),
];

test.each(final)('another attempt cannot change: %s', (error) => {
  expect(isFinalError(error)).toBe(true);
});

test.each(passing)('another attempt may help: %s', (error) => {
  expect(isFinalError(error)).toBe(false);
});
