import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openSocket } from './open-socket.ts';

describe('a socket that is bound to a local address', () => {
  test('may have it by name', async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as { port: number };
    const socket = await openSocket({ host: '127.0.0.1', port, bindAddress: 'localhost' }, 0);
    expect(socket.localAddress).toBe('127.0.0.1');
    socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  test.each([
    ['no-such-host.invalid', 2005, /^Unknown MySQL server host 'no-such-host\.invalid' \(-[23]\)$/],
    ['', 2005, /^Unknown MySQL server host '' \(-2\)$/],
    ['::1', 2003, /^Can't connect to MySQL server on '127\.0\.0\.1:1' \(\d+\)$/],
  ])('fails as the client library where that is %s', async (bindAddress, errno, message) => {
    const opening = openSocket({ host: '127.0.0.1', port: 1, bindAddress }, 0);
    await expect(opening).rejects.toMatchObject({ errno, message: expect.stringMatching(message) as string });
  });
});

test('a name that is too long for any host is an unknown one', async () => {
  const host = 'a'.repeat(300);
  await expect(openSocket({ host, port: 1 }, 0)).rejects.toMatchObject({ errno: 2005 });
});
