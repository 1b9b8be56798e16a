import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { RowlockError } from '../../src/errors/index.ts';

/** What a login to a port ends with at which this is said. */
async function loginAt(said: string | Buffer): Promise<unknown> {
  const server = createServer((socket) => socket.on('error', () => undefined).write(said));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await connect({ host: '127.0.0.1', port, user: 'x' }).catch((error: unknown) => error);
  } finally {
    server.close();
  }
}

const LOST = "Lost connection to MySQL server at 'reading initial communication packet', system error: 0";

test.each([
  ['ssh', 'SSH-2.0-OpenSSH_9.2p1\r\n', "begins with 'SSH-2.0-OpenSSH_9.2p1'"],
  ['mail', '220 mail.example ESMTP\r\n', "begins with '220 mail.example ESMTP'"],
  ['a web server that is tired of waiting', 'HTTP/1.1 408 Request Timeout\r\n\r\n', "'HTTP/1.1 408 Request"],
  ['one whose terminal it would be', '\u001b]0;title\u0007 and more than a packet', "'.]0;title. and more"],
])('the port of another service (%s) is told from a server', async (_service, said, hint) => {
  const error = await loginAt(said);
  expect(error).toBeInstanceOf(RowlockError);
  expect(error).toMatchObject({ errno: 2013, message: LOST, hint: expect.stringContaining(hint) });
});

test("the port of MySQL's X protocol says which one is wanted", async () => {
  // As 9.7 greets at mysqlx_port.
  const error = await loginAt(Buffer.from('050000000b08051a00', 'hex'));
  expect(error).toMatchObject({
    errno: 2007,
    message: 'Protocol mismatch; server version = 11, client version = 10',
    hint: expect.stringContaining('mysqlx_port'),
  });
});
