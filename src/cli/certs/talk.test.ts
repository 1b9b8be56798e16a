import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { RowlockError } from '../../errors/index.ts';
import { visitServer } from './talk.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Looks at a server that does this with whoever connects. */
async function lookAt(greet: (socket: Socket) => void, timeoutMs = 5000): Promise<unknown> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return visitServer({ host: '127.0.0.1', port }, { timeoutMs });
}

const packet = (payload: Buffer): Buffer => Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload]);
const blocked = packet(
  Buffer.concat([Buffer.from([0xff, 0x69, 0x04]), Buffer.from("Host '192.0.2.1' is blocked")]),
);
// A greeting of MySQL 5.6 without TLS: version, thread, scramble, capabilities without the SSL bit, plugin.
const plain = packet(
  Buffer.concat([
    Buffer.from('\u000a5.6.24\0', 'latin1'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('12345678\0', 'latin1'),
    Buffer.from([0xff, 0xf7, 0x21, 2, 0, 0x0f, 0x80, 21]),
    Buffer.alloc(10),
    Buffer.from('123456789012\0mysql_native_password\0', 'latin1'),
  ]),
);

describe('a look at a server', () => {
  test('that offers no TLS ends with its greeting, byte by byte as it may come', async () => {
    const seen = await lookAt((socket) => {
      socket.setNoDelay(true);
      for (const byte of plain) socket.write(Buffer.from([byte]));
    });
    expect(seen).toMatchObject({ version: '5.6.24', served: [], tls: undefined });
  });

  test.each([
    ['closes at once', (socket: Socket) => socket.end(), /without a greeting/],
    ['resets', (socket: Socket) => socket.resetAndDestroy(), /ECONNRESET|without a greeting/],
    ['refuses the host', (socket: Socket) => socket.end(blocked), /Host '192\.0\.2\.1' is blocked/],
    ['stops in its greeting', (socket: Socket) => socket.end(plain.subarray(0, 30)), /without a greeting/],
    ['speaks something else', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /./],
    [
      'promises TLS and does not keep it',
      (socket: Socket) => {
        const lies = Buffer.from(plain);
        lies[4 + 8 + 4 + 9 + 1] = 0xff;
        socket.write(lies);
        socket.once('data', () => socket.end('no TLS here'));
      },
      /./,
    ],
  ])('that %s ends with an error of ours', async (_what, greet, message) => {
    const failure = await lookAt(greet).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RowlockError);
    expect((failure as Error).message).toMatch(message);
  });

  test('that never answers ends at the limit', async () => {
    await expect(lookAt(() => undefined, 50)).rejects.toThrow('no answer within 50 ms');
  });
});
