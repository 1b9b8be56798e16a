import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/connection/index.ts';
import { runOurs } from '../remote/side-by-side.ts';
import { account, type Loopback, listenAsServer } from './loopback.ts';

const COM_QUERY = 3;
const FORMAT = 15;
const ROTATE = 4;
const folder = mkdtempSync(join(tmpdir(), 'rowlock-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An event; `length` is what it claims. */
function event(type: number, body: Uint8Array, length = 19 + body.length, timestamp = 1): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(19), body]);
  bytes.writeUInt32LE(timestamp, 0);
  bytes[4] = type;
  bytes.writeUInt32LE(7, 5);
  bytes.writeUInt32LE(length, 9);
  bytes.writeUInt32LE(4 + bytes.length, 13);
  return bytes;
}

function rotate(name: string, timestamp = 0): Buffer {
  const position = Buffer.alloc(8);
  position[0] = 4;
  return event(ROTATE, Buffer.concat([position, Buffer.from(name)]), undefined, timestamp);
}

/** Version 4, 9.7.4, no checksums: the lengths of 42 event types, and the byte that says NONE. */
function description(lengths = 42): Buffer {
  const body = Buffer.alloc(57);
  body[0] = 4;
  body.write('9.7.4', 2);
  body[56] = 19;
  const tail = Buffer.alloc(5);
  return event(FORMAT, Buffer.concat([body, Buffer.alloc(lengths, 13), tail]));
}

type Dump = (session: Session) => Promise<void>;

const sending =
  (...events: readonly Buffer[]): Dump =>
  async (session) => {
    for (const bytes of events) await session.event(bytes);
    await session.flushEvents();
    await session.endDump();
  };

const dumps: Readonly<Record<string, Dump>> = {
  'events that are shorter than a header': sending(rotate('log.000001'), Buffer.alloc(5)),
  'an empty event': sending(rotate('log.000001'), Buffer.alloc(0)),
  'an event that claims 4 GiB': sending(rotate('log.000001'), event(2, Buffer.alloc(10), 0xffff_ffff)),
  'an event that claims to be shorter': sending(rotate('log.000001'), event(2, Buffer.alloc(100), 20)),
  'a description that is cut off': sending(rotate('log.000001'), event(FORMAT, Buffer.alloc(10))),
  'a description of another version': sending(rotate('log.000001'), event(FORMAT, Buffer.alloc(120, 9))),
  'a query that lies about lengths': sending(
    rotate('log.000001'),
    description(),
    event(2, Buffer.alloc(13, 0xff)),
  ),
  'rows without a table': sending(rotate('log.000001'), description(), event(30, Buffer.alloc(40, 0xff))),
  'a compressed transaction that claims to be huge': sending(
    rotate('log.000001'),
    description(),
    event(40, Buffer.from([2, 1, 0, 3, 9, 0xfe, 255, 255, 255, 255, 255, 255, 255, 127, 1, 2, 0x28, 0])),
  ),
  'an error in the middle': async (session) => {
    await session.event(rotate('log.000001'));
    await session.event(description());
    await session.error({ errno: 1236, sqlState: 'HY000', message: 'gone' });
  },
  'the end of the connection': async (session) => {
    await session.event(rotate('log.000001'));
    await session.flushEvents();
    session.destroy();
  },
};

const escapes = ['../escaped.000001', '/tmp/escaped.000001', 'a/../../escaped', '..', ''];

describe('a source that means harm', () => {
  const servers: Loopback[] = [];
  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  async function read(dump: Dump, words: readonly string[]) {
    const server = await listenAsServer(
      { u: account('mysql_native_password', 'pw') },
      {},
      async (session) => {
        for (;;) {
          const command = await session.command();
          if (command === undefined) return;
          if (command.code !== COM_QUERY) return dump(session);
          const statement = session.statement(command).toString();
          if (/version/i.test(statement)) await session.rows(['VERSION()'], [['9.7.4']]);
          else if (/^(select|show)/i.test(statement)) await session.rows(['x'], [['7']]);
          else await session.ok();
        }
      },
    );
    servers.push(server);
    const where = [
      '--host=127.0.0.1',
      `--port=${server.port}`,
      '--user=u',
      '--password=pw',
      '--ssl-mode=DISABLED',
    ];
    return runOurs('mysqlbinlog', {
      argv: ['--no-defaults', '-R', ...where, ...words, 'log.000001'],
      cwd: folder,
    });
  }

  test.each(Object.keys(dumps))('who sends %s ends the run with an error', async (name) => {
    for (const words of [['-v'], ['--json']]) {
      const { exit, stderr } = await read(dumps[name]!, words);
      expect([words, exit, stderr]).toEqual([words, 1, expect.stringMatching(/^ERROR: /m)]);
    }
  });

  test.each(escapes)('who calls a log %j writes nothing elsewhere', async (name) => {
    for (const [number, words] of [['--raw'], ['--raw', '--resume']].entries()) {
      const inside = join(folder, `copies-${escapes.indexOf(name)}-${number}`, 'here');
      mkdirSync(inside, { recursive: true });
      const { exit, stderr } = await read(sending(rotate(name), description()), [
        ...words,
        '--to-last-log',
        `--result-file=${inside}/`,
      ]);
      expect([exit, stderr]).toEqual([1, expect.stringContaining('ERROR: ')]);
      expect(readdirSync(join(inside, '..'))).toEqual(['here']);
      expect(readdirSync(inside).filter((file) => !file.startsWith('archive.'))).toEqual([]);
    }
  });
});
