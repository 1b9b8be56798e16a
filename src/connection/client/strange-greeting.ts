import { ConnectionError } from '../../errors/index.ts';
import { ClientErrno, lostWhile } from '../client-errors.ts';

/** Of HandshakeV10. */
export const PROTOCOL_VERSION = 10;
/** A notice of MySQL's X protocol begins with its length, and then this. */
const X_NOTICE = 11;
const SHOWN_LETTERS = 60;

/** Something answered in bytes that are no packet: another service. The client library's words, and as a hint what it said. */
export function noServer(head: Uint8Array, cause: unknown): ConnectionError {
  const [line = ''] = Buffer.from(head)
    .toString('latin1')
    .split(/[\r\n]/);
  const said = line.replaceAll(/[^\x20-\x7e]/g, '.').slice(0, SHOWN_LETTERS);
  const hint = `what answers there is no server of MySQL or MariaDB: it begins with '${said}'`;
  return lostWhile('reading initial communication packet', cause, [hint]);
}

/** A first packet of another protocol. */
export function otherProtocol(version: number): ConnectionError {
  const hint =
    version === X_NOTICE
      ? "this is the port of MySQL's X protocol (mysqlx_port, 33060); that of the server itself is another one, 3306 unless it says otherwise"
      : 'what answers there is no server of MySQL or MariaDB';
  const message = `Protocol mismatch; server version = ${version}, client version = ${PROTOCOL_VERSION}`;
  return new ConnectionError(ClientErrno.CR_VERSION_ERROR, message, { code: 'CONNECTION_PROTOCOL', hint });
}
