import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { RowlockError } from '../../src/errors/index.ts';
import { makeNonce } from '../../src/wire/index.ts';
import { type Loopback, listen } from './loopback.ts';

/** LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, DEPRECATE_EOF off. */
const CAPABILITIES = 0x0008_8201;
const SSL = 0x0800;
const LIMIT_MS = 1500;

/** A packet: length, number, payload. */
function packet(number: number, payload: Uint8Array): Buffer {
  const head = Buffer.from([payload.length & 255, (payload.length >> 8) & 255, payload.length >> 16, number]);
  return Buffer.concat([head, payload]);
}

/** A header that promises more than comes. */
function promise(number: number, length: number): Buffer {
  return Buffer.from([length & 255, (length >> 8) & 255, length >> 16, number]);
}

function greeting(plugin = 'mysql_native_password', capabilities = CAPABILITIES): Buffer {
  const nonce = makeNonce(20);
  const body = Buffer.alloc(18);
  body.writeUInt16LE(capabilities & 0xffff, 0);
  body[2] = 45;
  body.writeUInt16LE(2, 3);
  body.writeUInt16LE(capabilities >>> 16, 5);
  body[7] = 21;
  return packet(
    0,
    Buffer.concat([
      Buffer.from('\x0a9.7.0\0'),
      Buffer.from([1, 0, 0, 0]),
      nonce.subarray(0, 8),
      Buffer.of(0),
      body,
      nonce.subarray(8),
      Buffer.of(0),
      Buffer.from(`${plugin}\0`),
    ]),
  );
}

const OK = Buffer.of(0, 0, 0, 2, 0, 0, 0);
const lenenc = (marker: number, bytes: number): Buffer =>
  Buffer.concat([Buffer.of(marker), Buffer.alloc(bytes, 0xff)]);

/** Waits for the client's next packet. */
function heard(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('data', () => resolve());
  });
}

type Behaviour = (socket: Socket) => Promise<void>;

/** Greets, lets anybody in, and answers the first command with these bytes. */
const answering =
  (...answer: readonly Uint8Array[]): Behaviour =>
  async (socket) => {
    socket.write(greeting());
    await heard(socket);
    socket.write(packet(2, OK));
    await heard(socket);
    for (const bytes of answer) socket.write(bytes);
  };

/** Greets and answers the login with these bytes. */
const onLogin =
  (...answer: readonly Uint8Array[]): Behaviour =>
  async (socket) => {
    socket.write(greeting());
    await heard(socket);
    for (const bytes of answer) socket.write(bytes);
  };

/** Sends a byte now and then, for ever. */
const drip =
  (bytes: Uint8Array): Behaviour =>
  async (socket) => {
    for (const byte of bytes) {
      if (socket.destroyed) return;
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

/** Sends the same bytes until the client has enough. */
async function flood(socket: Socket, bytes: Buffer): Promise<void> {
  while (!socket.destroyed) {
    if (socket.write(bytes)) await new Promise(setImmediate);
    else {
      await new Promise<void>((resolve) => {
        socket.once('drain', resolve).once('close', () => resolve());
      });
    }
  }
}

/** Header and body of the request for TLS. */
const SSL_REQUEST_BYTES = 36;

/** Offers TLS, hears the request for it and the client's hello, and answers with these bytes. */
const offeringTls =
  (answer?: Uint8Array): Behaviour =>
  async (socket) => {
    let count = 0;
    const hello = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        count += chunk.length;
        if (count > SSL_REQUEST_BYTES) resolve();
      });
    });
    socket.write(greeting(undefined, CAPABILITIES | SSL));
    await hello;
    if (answer !== undefined) socket.write(answer);
  };

const text = (number: number, words: string): Buffer => packet(number, Buffer.from(words, 'latin1'));

const hostile: Readonly<Record<string, Behaviour>> = {
  'says nothing': async () => undefined,
  'hangs up at once': async (socket) => void socket.end(),
  'speaks HTTP': async (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'sends garbage': async (socket) => void socket.write(Buffer.alloc(4096, 0xa5)),
  'greets with an endless packet': async (socket) => {
    socket.write(promise(0, 0xff_ffff));
    await flood(socket, Buffer.alloc(65_536, 1));
  },
  'promises a huge greeting and waits': async (socket) => void socket.write(promise(0, 0xff_fffe)),
  'greets with an empty packet': async (socket) => void socket.write(packet(0, Buffer.alloc(0))),
  'greets in the middle of a number': async (socket) => void socket.write(greeting().subarray(0, 30)),
  'greets with another number': async (socket) =>
    void socket.write(Buffer.concat([Buffer.from([9, 0, 0, 7]), Buffer.alloc(9, 10)])),
  'drips its greeting': drip(greeting()),
  'drips a greeting that never ends': drip(Buffer.concat([promise(0, 60_000), Buffer.alloc(1000, 10)])),
  'asks for passwords for ever': async (socket) => {
    socket.write(greeting());
    for (let number = 2; number < 400; number += 2) {
      await heard(socket);
      socket.write(
        packet(
          number & 255,
          Buffer.concat([Buffer.from('\xfemysql_native_password\0', 'latin1'), makeNonce(20), Buffer.of(0)]),
        ),
      );
    }
  },
  'wants the password in clear': onLogin(packet(2, Buffer.from('\xfemysql_clear_password\0', 'latin1'))),
  'wants a plugin nobody knows': onLogin(packet(2, Buffer.from('\xfeevil\0', 'latin1'))),
  'switches without a challenge': onLogin(
    packet(2, Buffer.from('\xfecaching_sha2_password\0', 'latin1')),
    text(4, '\x01\x04'),
  ),
  'sends more data nobody asked for': onLogin(text(2, '\x01' + 'x'.repeat(5000))),
  'answers the login with an endless error': onLogin(promise(2, 0x8_0000), Buffer.alloc(0x8_0000, 0xff)),
  'answers the login with half an OK': onLogin(packet(2, Buffer.of(0))),
  'answers the login with an OK that lies about lengths': onLogin(
    packet(2, Buffer.concat([Buffer.of(0), lenenc(0xfe, 8)])),
  ),
  'hangs up after the login': async (socket) => {
    socket.write(greeting());
    await heard(socket);
    socket.end();
  },
  'answers with too many columns': answering(packet(1, lenenc(0xfd, 3))),
  'answers with an absurd number of columns': answering(packet(1, lenenc(0xfe, 8))),
  'answers with a column that lies about lengths': answering(
    packet(1, Buffer.of(1)),
    packet(2, lenenc(0xfe, 8)),
  ),
  'asks for a file of this machine': answering(text(1, '\xfb/etc/passwd')),
  'answers with a number that is not next': answering(packet(9, OK)),
  'answers with an endless packet': async (socket) => {
    await answering()(socket);
    socket.write(promise(1, 0xff_ffff));
    await flood(socket, Buffer.concat([Buffer.alloc(0xff_ffff, 1), promise(2, 0xff_ffff)]));
  },
  'answers with columns for ever': async (socket) => {
    await answering()(socket);
    socket.write(packet(1, lenenc(0xfc, 2)));
    await flood(socket, packet(2, Buffer.alloc(10)));
  },
  'hangs up in the middle of an answer': async (socket) => {
    await answering(promise(1, 100), Buffer.alloc(10))(socket);
    socket.end();
  },
};

/** A TLS record that holds a handshake message, and the head of one that says it is long. */
const RECORD = Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3f, 0xfc]);

const hostileTls: Readonly<Record<string, Behaviour>> = {
  'says nothing to the hello': offeringTls(),
  'answers the hello with half a record': offeringTls(RECORD),
  'answers the hello with garbage': offeringTls(Buffer.alloc(4096, 0xa5)),
  'answers the hello in plain': offeringTls(packet(2, OK)),
  'drips its hello': async (socket) => {
    await offeringTls()(socket);
    await drip(Buffer.concat([RECORD, Buffer.alloc(1000)]))(socket);
  },
  'hangs up after the hello': async (socket) => {
    await offeringTls()(socket);
    socket.end();
  },
  'offers TLS and hangs up': async (socket) => {
    socket.end(greeting(undefined, CAPABILITIES | SSL));
  },
};

describe('a server that means harm', () => {
  const servers: Loopback[] = [];
  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  const behaviours = [
    ...Object.keys(hostile).map((name) => [name, 'DISABLED'] as const),
    ...Object.keys(hostileTls).map((name) => [name, 'REQUIRED'] as const),
  ];

  test.each(behaviours)('who %s gets an error of ours, soon, and no password (%s)', async (name, sslMode) => {
    const sent: Buffer[] = [];
    const server = await listen(async (socket) => {
      socket.on('data', (chunk: Buffer) => sent.push(chunk));
      await { ...hostile, ...hostileTls }[name]!(socket);
    });
    servers.push(server);
    const before = process.memoryUsage().rss;
    const error: unknown = await connect({
      host: '127.0.0.1',
      port: server.port,
      user: 'u',
      passwords: ['s3cret-Pw'],
      ssl: { sslMode },
      connectTimeoutMs: LIMIT_MS,
      readTimeoutMs: LIMIT_MS,
    })
      .then(async (connection) => {
        try {
          return await connection.query('select 1');
        } finally {
          connection.destroy();
        }
      })
      .then(
        () => new Error('it was believed'),
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(RowlockError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cret');
    expect(Buffer.concat(sent).includes('s3cret')).toBe(false);
    // 1 GiB is what a server may send in one packet; a flood without an end must not come near it.
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 2 ** 20);
  });
});
