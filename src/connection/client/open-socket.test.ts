import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { withZone } from './address-zone.ts';
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

describe.skipIf(process.platform !== 'linux')('the zone of an address', () => {
  test.each(['::1%lo', 'fe80::1%none', 'fe80::1%4x', '::1%25lo'])(
    'is none, as with getaddrinfo: %s',
    async (host) => {
      const words = `Unknown MySQL server host '${host}' (-2)`;
      await expect(openSocket({ host, port: 1 }, 0)).rejects.toMatchObject({ errno: 2005, message: words });
      const bound = openSocket({ host: '::1', port: 1, bindAddress: host }, 0);
      await expect(bound).rejects.toMatchObject({ errno: 2005, message: words });
    },
  );

  test('counts for addresses of one link, by name and by number', () => {
    expect(withZone('::1%99')).toBe('::1');
    expect(withZone('fe80::1%4294967295')).toBe('fe80::1%4294967295');
    for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
      expect(withZone(`fe80::1%${name}`)).toBe(`fe80::1%${name}`);
      for (const one of addresses)
        if (one.family === 'IPv6' && one.scopeid > 0)
          expect(withZone(`fe80::1%${one.scopeid}`)).toBe(`fe80::1%${name}`);
    }
  });
});

test('a name that is too long for any host is an unknown one', async () => {
  const host = 'a'.repeat(300);
  await expect(openSocket({ host, port: 1 }, 0)).rejects.toMatchObject({ errno: 2005 });
});
