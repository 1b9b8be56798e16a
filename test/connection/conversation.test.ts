import { connect as dial } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type Connection, type ConnectOptions, connect, type Session } from '../../src/connection/index.ts';
import { PacketChannel } from '../../src/connection/packets/packet-channel.ts';
import { ConnectionError, ProtocolError, ServerError, UsageError } from '../../src/errors/index.ts';
import {
  authNextFactor,
  authPlugin,
  authSwitch,
  binlogDump,
  Command,
  handshake,
  handshakeResponse,
  makeNonce,
  ok,
  PLAIN_OK,
  readPacket,
  semisyncAck,
} from '../../src/wire/index.ts';
import { account, type Loopback, listen, listenAsServer } from './loopback.ts';

const accounts = { u: account('mysql_native_password', 'secret') };
const bare = { capabilities: 0, extended: 0 };
const closing: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of closing.splice(0)) await thing.close();
});

async function serve(handle?: (session: Session) => Promise<void>, options = {}): Promise<Loopback> {
  const server = await listenAsServer(accounts, options, handle);
  closing.push(server);
  return server;
}

async function join(server: Loopback, options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const connection = await connect({
    host: '127.0.0.1',
    port: server.port,
    user: 'u',
    passwords: ['secret'],
    ...options,
  });
  closing.unshift(connection);
  return connection;
}

/** Answers each query with what `answer` does. */
function answering(answer: (session: Session, statement: string) => Promise<void>) {
  return async (session: Session): Promise<void> => {
    for (let command = await session.command(); command !== undefined; command = await session.command()) {
      await answer(session, session.statement(command).toString());
    }
  };
}

describe('queries', () => {
  test('rows, NULL and no rows come back as they were sent', async () => {
    const server = await serve(
      answering(async (session, statement) => {
        if (statement === 'set x')
          return session.ok({ affectedRows: 3n, lastInsertId: 2n ** 63n, warnings: 1 });
        return session.rows(
          ['a', 'ü'],
          [
            [statement, null],
            [Buffer.of(0xff, 0), ''],
          ],
        );
      }),
    );
    const connection = await join(server);
    const { columns, rows } = await connection.query('select ä');
    expect(columns.map(({ name }) => name)).toEqual(['a', 'ü']);
    expect(rows).toEqual([
      [Buffer.from('select ä'), null],
      [Buffer.of(0xff, 0), Buffer.alloc(0)],
    ]);
    expect(await connection.value('select 1')).toBe('select 1');
    expect(await connection.query('set x')).toMatchObject({
      affectedRows: 3n,
      lastInsertId: 2n ** 63n,
      warnings: 1,
      rows: [],
    });
  });

  test.each([[['zlib']], [['zstd']], [['uncompressed']]] as const)(
    '200,000 rows stream under %j',
    async (compression) => {
      const server = await serve(
        answering((session) =>
          session.rows(
            ['n'],
            Array.from({ length: 200_000 }, (_, n) => [`${n}`]),
          ),
        ),
        { compression: true },
      );
      const connection = await join(server, { compression });
      let [count, sum] = [0, 0];
      for await (const [value] of connection.stream('select n')) {
        count += 1;
        sum += Number(value);
      }
      expect([count, sum]).toEqual([200_000, 19_999_900_000]);
    },
  );

  test('a stream that is left early leaves the connection usable', async () => {
    const server = await serve(
      answering((session, statement) =>
        session.rows(
          ['n'],
          Array.from({ length: 1000 }, () => [statement]),
        ),
      ),
    );
    const connection = await join(server);
    for await (const _ of connection.stream('one')) break;
    expect(await connection.value('two')).toBe('two');
  });

  test('an error of the server leaves the connection usable, and carries number, state and words', async () => {
    const server = await serve(
      answering((session, statement) =>
        statement === 'bad'
          ? session.error({ errno: 1064, sqlState: '42000', message: 'You have an error' })
          : session.ok(),
      ),
    );
    const connection = await join(server);
    const error = await connection.query('bad').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ errno: 1064, sqlState: '42000', message: 'You have an error' });
    await connection.query('good');
  });

  test('a second command while one is under way is a wrong call', async () => {
    const server = await serve(answering((session) => session.ok()));
    const connection = await join(server);
    const first = connection.query('one');
    await expect(connection.query('two')).rejects.toBeInstanceOf(UsageError);
    await first;
  });

  test('a packet of 17 MB goes both ways', async () => {
    const server = await serve(
      answering((session, statement) => session.rows(['echo'], [[statement]])),
      { compression: true },
    );
    const text = 'x'.repeat(17_000_000);
    for (const compression of [undefined, ['zlib']] as const) {
      const connection = await join(
        server,
        compression === undefined ? {} : { compression: [...compression] },
      );
      expect((await connection.value(text))?.length).toBe(text.length);
    }
  });
});

describe('logins', () => {
  test('a wrong password, an unknown name and a refusal by the verifier look alike', async () => {
    const server = await serve(undefined, {
      defaultPlugin: 'mysql_native_password',
      verifier: {
        account: ({ user }: { user: string }) => (user === 'none' ? undefined : accounts.u),
        admit: () => 'denied',
      },
    });
    for (const options of [{ passwords: ['wrong'] }, { user: 'none' }, {}]) {
      const error = await join(server, options).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ errno: 1045, sqlState: '28000' });
      expect((error as Error).message).toMatch(
        /^Access denied for user '(u|none)'@'127\.0\.0\.1' \(using password: YES\)$/,
      );
    }
  });

  test('plain TCP is refused where secure transport is required', async () => {
    const server = await serve(undefined, { requireSecureTransport: true });
    await expect(join(server)).rejects.toMatchObject({ errno: 3159 });
  });

  test('each factor gets its own password, in its own plugin', async () => {
    const nonces = [makeNonce(20), makeNonce(32), makeNonce(32)];
    const judge = (plugin: string, password: string, nonce: Buffer, answer: Buffer) =>
      authPlugin(plugin)!
        .server({ credential: account(plugin, password).credential, secure: true, encrypted: true }, nonce)
        .receive(answer).accepted;
    const verdicts: unknown[] = [];
    const server = await listen(async (socket) => {
      const channel = new PacketChannel(socket);
      const hear = async () => {
        channel.flush();
        await channel.next();
      };
      const capabilities = 0x1238_8200;
      channel.put(handshake, {
        serverVersion: '9.7.0',
        connectionId: 1,
        scramble: nonces[0]!,
        capabilities,
        extended: 0,
        collation: 45,
        status: 2,
        plugin: 'mysql_native_password',
      });
      await hear();
      channel.agreed = { capabilities, extended: 0 };
      verdicts.push(
        judge('mysql_native_password', 'one', nonces[0]!, channel.read(handshakeResponse).authData),
      );
      for (const [i, password] of [
        [1, 'two'],
        [2, 'three'],
      ] as const) {
        channel.put(authNextFactor, { plugin: 'client_ed25519', data: nonces[i]! });
        await hear();
        verdicts.push(judge('client_ed25519', password, nonces[i]!, channel.copy()));
      }
      channel.put(ok, PLAIN_OK);
      channel.flush();
    });
    closing.push(server);
    await join(server, { passwords: ['one', 'two', 'three'] });
    expect(verdicts).toEqual([true, true, true]);
  });

  test('a server that never stops asking is cut off', async () => {
    const server = await listen(async (socket) => {
      const channel = new PacketChannel(socket);
      const greeting = {
        serverVersion: '9.7.0',
        connectionId: 1,
        scramble: makeNonce(20),
        capabilities: 0x28_8200,
        extended: 0,
        collation: 45,
        status: 2,
        plugin: 'mysql_native_password',
      };
      channel.put(handshake, greeting);
      for (;;) {
        channel.flush();
        await channel.next();
        channel.put(authSwitch, { plugin: 'mysql_native_password', data: makeNonce(20) });
      }
    });
    closing.push(server);
    await expect(join(server)).rejects.toMatchObject({ code: 'PROTOCOL_AUTH' });
  });

  test('schema and attributes arrive', async () => {
    const server = await serve(
      answering((session) =>
        session.rows(
          ['s', 'p'],
          [[session.applicant.schema ?? null, session.applicant.attributes.get('program_name') ?? null]],
        ),
      ),
    );
    const connection = await join(server, { schema: 'shop', attributes: { program_name: 'test' } });
    expect((await connection.query('select 1')).rows).toEqual([[Buffer.from('shop'), Buffer.from('test')]]);
  });

  test('a server that says nothing is given up after the limit', async () => {
    const silent = await listen(async () => undefined);
    closing.push(silent);
    const error = await join(silent, { connectTimeoutMs: 50 }).catch((reason: unknown) => reason);
    expect((error as Error).message).toBe(
      "Lost connection to MySQL server at 'reading initial communication packet', system error: 110",
    );
  });

  test('a client that says nothing is given up after the limit', async () => {
    const server = await serve(undefined, { loginTimeoutMs: 50 });
    const idle = dial(server.port, '127.0.0.1');
    idle.on('error', () => undefined).resume();
    expect(await server.failed).toMatchObject({ code: 'PROTOCOL_LOGIN_TIMEOUT' });
    idle.destroy();
  });

  test.each([
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['an old protocol', Buffer.from('\x05\0\0\0\x09abc\0')],
    ['garbage', Buffer.alloc(64, 0xfe)],
    ['nothing', ''],
  ])('%s is no server', async (_, greeting) => {
    const other = await listen(async (socket) => {
      socket.end(greeting);
    });
    closing.push(other);
    const error = await join(other).catch((reason: unknown) => reason);
    expect(error instanceof ProtocolError || error instanceof ConnectionError).toBe(true);
  });

  test('the error a server greets with is the error of the login', async () => {
    const full = await listen(async (socket) => {
      socket.end(
        Buffer.concat([Buffer.of(23, 0, 0, 0, 0xff, 0x10, 0x04), Buffer.from('Too many connections')]),
      );
    });
    closing.push(full);
    await expect(join(full)).rejects.toMatchObject({ errno: 1040, message: 'Too many connections' });
  });

  test('a signal ends the login and the conversation with its reason', async () => {
    const silent = await listen(async () => undefined);
    closing.push(silent);
    const login = new AbortController();
    const pending = join(silent, { signal: login.signal });
    login.abort(new Error('no longer needed'));
    await expect(pending).rejects.toThrow('no longer needed');

    const server = await serve(async (session) => {
      await session.command();
      await session.command();
    });
    const later = new AbortController();
    const connection = await join(server, { signal: later.signal });
    const query = connection.query('select sleep(100)');
    await turn();
    later.abort(new Error('enough'));
    await expect(query).rejects.toThrow('enough');
  });

  test('a server that asks for a local file gets none', async () => {
    const answers: Buffer[] = [];
    const server = await serve(
      async (session) => {
        await session.command();
        await session.error({ errno: 1, sqlState: 'HY000', message: 'unused' });
      },
      { defaultPlugin: 'mysql_native_password' },
    );
    const asks = await listen(async (client) => {
      const upstream = dial(server.port, '127.0.0.1');
      let logins = 0;
      upstream.on('data', (chunk: Buffer) => {
        logins += 1;
        // The third word is the answer to the query: put a request for a file in its place.
        const file = Buffer.from('\xfb/etc/passwd', 'latin1');
        client.write(logins === 3 ? Buffer.concat([Buffer.of(file.length, 0, 0, 1), file]) : chunk);
      });
      client.on('data', (chunk: Buffer) => {
        if (logins === 3) {
          answers.push(chunk);
          client.write(Buffer.of(7, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0));
        } else upstream.write(chunk);
      });
      client.on('close', () => upstream.destroy());
    });
    closing.push(asks);
    const connection = await join(asks);
    await expect(connection.query('load')).rejects.toMatchObject({ code: 'PROTOCOL_LOCAL_INFILE' });
    expect(answers).toEqual([Buffer.of(0, 0, 0, 2)]);
  });
});

describe('dumps', () => {
  function events(count: number, size: number): Buffer[] {
    return Array.from({ length: count }, (_, i) => Buffer.alloc(size + (i % 7), i & 0xff));
  }

  test.each([true, false])('events arrive whole and in order (semi-synchronous: %s)', async (semisync) => {
    const sent = [...events(5000, 100), Buffer.alloc(17_000_000, 9), Buffer.from('last')];
    const acks: unknown[] = [];
    const server = await serve(async (session) => {
      const command = await session.command();
      expect(command?.code).toBe(Command.COM_BINLOG_DUMP);
      expect(readPacket(binlogDump, bare, command!.payload)).toEqual({
        file: 'f.000001',
        position: 4,
        flags: 1,
        serverId: 7,
      });
      session.beginDump(semisync);
      for (const event of sent) await session.event(event, 0, event.length, event.length === 4);
      await session.flushEvents();
      if (semisync) {
        await session.heard();
        acks.push(readPacket(semisyncAck, bare, session.incoming()!));
      }
      await session.endDump();
    });
    const connection = await join(server);
    const stream = connection.dump({
      kind: 'position',
      file: 'f.000001',
      position: 4,
      flags: 1,
      serverId: 7,
      semisync,
    });
    const received: Buffer[] = [];
    do {
      while (stream.step()) {
        received.push(Buffer.from(stream.bytes.subarray(stream.start, stream.end)));
        if (stream.ackWanted) stream.acknowledge('f.000001', 4_300_000_000);
      }
    } while (await stream.wait());
    expect(stream.finished).toBe(true);
    expect(Buffer.concat(received).equals(Buffer.concat(sent))).toBe(true);
    expect(received.length).toBe(sent.length);
    expect(acks).toEqual(semisync ? [{ file: 'f.000001', position: 4_300_000_000 }] : []);
  });

  test('the refusal of a dump is the error of its first step', async () => {
    const message = 'Could not find first log file name in binary log index file';
    const server = await serve(async (session) => {
      await session.command();
      await session.error({ errno: 1236, sqlState: 'HY000', message });
    });
    const connection = await join(server);
    const stream = connection.dump({
      kind: 'gtid',
      file: '',
      position: 4,
      flags: 0,
      serverId: 7,
      gtidSet: Buffer.alloc(8),
    });
    await expect(
      (async () => {
        for await (const _ of stream) expect.unreachable();
      })(),
    ).rejects.toMatchObject({ errno: 1236, message });
  });

  test('a source that goes away is a lost connection, also in mid event', async () => {
    const server = await serve(async (session) => {
      await session.command();
      session.beginDump(false);
      await session.event(Buffer.alloc(1_000_000));
      await session.flushEvents();
      session.destroy();
    });
    const connection = await join(server);
    const stream = connection.dump({ kind: 'position', file: 'f', position: 4, flags: 0, serverId: 7 });
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toMatchObject({ errno: 2013, message: 'Lost connection to MySQL server during query' });
  });

  test('a source that falls silent is given up after the limit', async () => {
    const server = await serve(async (session) => {
      await session.command();
      await session.command();
    });
    const connection = await join(server, { readTimeoutMs: 500 });
    const stream = connection.dump({ kind: 'position', file: 'f', position: 4, flags: 0, serverId: 7 });
    await expect(stream.wait()).rejects.toMatchObject({ errno: 2013, cause: { code: 'ETIMEDOUT' } });
  });

  test('a consumer that stops reading holds the source back', async () => {
    const total = 200_000_000;
    let written = 0;
    const server = await serve(async (session) => {
      await session.command();
      session.beginDump(false);
      const event = Buffer.alloc(50_000);
      for (; written < total; written += event.length) await session.event(event);
      await session.flushEvents();
      await session.endDump();
    });
    const connection = await join(server);
    const stream = connection.dump({ kind: 'position', file: 'f', position: 4, flags: 0, serverId: 7 });
    await stream.wait();
    // Every turn of the loop lets both ends do what they still can; when nothing moves any more, both are full.
    for (let still = 0, before = -1; still < 200; still = written === before ? still + 1 : 0) {
      before = written;
      await turn();
    }
    expect(written).toBeLessThan(20_000_000);
    let received = 0;
    do {
      while (stream.step()) received += stream.end - stream.start;
    } while (await stream.wait());
    expect(received).toBe(total);
  });
});
