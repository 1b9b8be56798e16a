import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { UsageError } from '../../errors/index.ts';
import { connect } from './connect.ts';

test('a signal gives up an attempt to connect, before it and while the server says nothing', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const abort = new AbortController();
  const arrived = once(server, 'connection');
  const connecting = connect({ host: '127.0.0.1', port, user: 'cdc', signal: abort.signal });
  const [socket] = (await arrived) as [Socket];
  const gone = once(socket.resume(), 'close');
  abort.abort(new Error('changed my mind'));
  await expect(connecting).rejects.toThrow('changed my mind');
  await gone;
  await expect(connect({ host: '127.0.0.1', port, user: 'cdc', signal: abort.signal })).rejects.toBe(
    abort.signal.reason,
  );
  server.close();
});

test('what is no signal is refused', async () => {
  const signal = new AbortController() as unknown as AbortSignal;
  await expect(connect({ user: 'cdc', signal })).rejects.toThrow(UsageError);
});
