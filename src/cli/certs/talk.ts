import { constants } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Connection, connect } from '../../connection/index.ts';
import { ConnectionError, RowlockError } from '../../errors/index.ts';
import { opensslWords, peerOf, readTrust } from '../../tls/index.ts';
import {
  BARE_AGREEMENT,
  Capability,
  ERR,
  err,
  HANDSHAKE_LIMITS,
  handshake,
  has,
  PacketReader,
  PacketWriter,
  readPacket,
  realVersion,
  sslRequest,
} from '../../wire/index.ts';
import {
  HandshakeFailure,
  type ServerAddress,
  type ServerVisit,
  type Visit,
  type VisitOptions,
} from './visit.ts';

/** Visits servers over the MySQL protocol: with a user it logs in, without it only looks at what TLS shows. */
export const visitServer: Visit = (address, options) =>
  options.user === undefined ? look(address, options) : logIn(address, options, options.user);

async function logIn(address: ServerAddress, options: VisitOptions, user: string): Promise<ServerVisit> {
  const { ca, cert, key, password, plain, timeoutMs } = options;
  const connection = await connect({
    ...address,
    user,
    connectTimeoutMs: timeoutMs,
    readTimeoutMs: timeoutMs,
    attributes: { program_name: 'rowlock certs' },
    ssl: {
      // A password goes over a plain connection only when the person said so, scrambled; without a CA it goes to whoever answers, as the person chose.
      sslMode: plain === true ? 'DISABLED' : ca === undefined ? 'REQUIRED' : 'VERIFY_IDENTITY',
      ...(ca === undefined ? {} : { sslCa: ca }),
      ...(cert === undefined ? {} : { sslCert: cert }),
      ...(key === undefined ? {} : { sslKey: key }),
    },
    ...(password === undefined ? {} : { passwords: [password] }),
  });
  return {
    version: connection.serverVersion,
    served: connection.tls?.chain ?? [],
    tls: connection.tls,
    query: (sql) => rowsOf(connection, sql),
    close: () => connection.close(),
  };
}

async function rowsOf(
  connection: Connection,
  sql: string,
): Promise<readonly Record<string, string | null>[]> {
  const { columns, rows } = await connection.query(sql);
  return rows.map((row) =>
    Object.fromEntries(
      row.map((value, index) => [
        (columns[index]?.name ?? '').toLowerCase(),
        value?.toString('utf8') ?? null,
      ]),
    ),
  );
}

/**
 * Reads the greeting, asks for TLS and looks at the certificate; says nothing else and leaves. Old protocols and weak ciphers
 * are taken too: nothing secret passes, and a server that has only those is what one wants to find.
 */
async function look(
  address: ServerAddress,
  { timeoutMs, onlyOldTls, ca }: VisitOptions,
): Promise<ServerVisit> {
  const trust = ca === undefined ? undefined : (await readTrust({ sslCa: ca })).authorities;
  const socket = connectTcp(address);
  // One limit for the whole look: a server that answers a byte a second is no server.
  const late = Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => socket.destroy(late), timeoutMs);
  // What fails after somebody has the answer concerns nobody.
  socket.on('error', () => undefined);
  const leave = async (): Promise<void> => void socket.destroy();
  // Set when the server has promised TLS: what fails from there on is the handshake.
  let promised: string | undefined;
  const nothing = { query: () => Promise.reject(new TypeError('this visit did not log in')), close: leave };
  try {
    const reader = new PacketReader(HANDSHAKE_LIMITS);
    await firstPacket(socket, reader);
    if (reader.bytes[reader.start] === ERR) {
      const { errno, message } = readPacket(err, BARE_AGREEMENT, reader.bytes, reader.start, reader.end);
      throw new ConnectionError(errno, message);
    }
    const greeting = readPacket(handshake, BARE_AGREEMENT, reader.bytes, reader.start, reader.end);
    const version = realVersion(greeting.serverVersion);
    if (!has(greeting.capabilities, Capability.SSL)) {
      await leave();
      return { version, served: [], tls: undefined, ...nothing };
    }
    const capabilities =
      (Capability.PROTOCOL_41 | Capability.SECURE_CONNECTION | Capability.LONG_PASSWORD | Capability.SSL) >>>
      0;
    const writer = new PacketWriter();
    writer.sequence = 1;
    const agreed = { capabilities, extended: 0 };
    sslRequest.write(
      { ...agreed, maxPacket: 0x100_0000, collation: greeting.collation },
      writer.begin(),
      agreed,
    );
    writer.end();
    socket.write(writer.take());
    promised = version;
    const tls = connectTls({
      socket,
      rejectUnauthorized: false,
      // The name has a finding of its own.
      checkServerIdentity: () => undefined,
      ...(trust === undefined ? {} : { ca: [...trust] }),
      minVersion: 'TLSv1',
      ...(onlyOldTls === true ? { maxVersion: 'TLSv1.1' as const } : {}),
      // yaSSL in MySQL 5.6 and before knows nothing of RFC 5746.
      secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
      // yaSSL's 512-bit groups would end the handshake before the certificate is seen.
      ciphers: 'ALL:!kDHE:@SECLEVEL=0',
    });
    tls.on('error', () => undefined);
    await once(tls, 'secureConnect');
    const { chain: served, verdict, protocol, cipher } = peerOf(tls);
    tls.destroy();
    const seen = { served, tls: { protocol, cipher }, verdict: trust === undefined ? undefined : verdict };
    return { version, ...seen, ...nothing };
  } catch (error) {
    socket.destroy();
    if (error instanceof RowlockError || !(error instanceof Error)) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    const words =
      code.startsWith('ERR_SSL') || code === 'EPROTO' ? opensslWords(error.message) : error.message;
    if (promised !== undefined && socket.errored !== late)
      throw new HandshakeFailure(promised, words, { cause: error });
    throw new ConnectionError(2013, socket.errored === late ? late.message : words, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function firstPacket(socket: Socket, reader: PacketReader): Promise<void> {
  while (!reader.next()) {
    const chunk = (await Promise.race([
      once(socket, 'data').then(([data]) => data as Buffer),
      once(socket, 'end').then(() => undefined),
    ])) as Buffer | undefined;
    if (chunk === undefined)
      throw new ConnectionError(2013, 'the server closed the connection without a greeting');
    reader.push(chunk);
  }
  socket.pause();
}
