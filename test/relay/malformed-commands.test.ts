import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { openStage, type Stage } from './live/stage.ts';

/** What a session sends by itself, behind its login. */
interface RawSession {
  /** Sends a command and PING; what came back until that was answered, or until the relay hung up. */
  tell(payload: Buffer): Promise<{ readonly isOpen: boolean; readonly answer: Buffer }>;
}

let stage: Stage;
const open: { destroy(): void }[] = [];

beforeAll(async () => {
  stage = await openStage();
  await stage.root.query("CREATE USER reader IDENTIFIED BY 'pw'");
  await stage.root.query('GRANT REPLICATION SLAVE ON *.* TO reader');
});

afterAll(async () => {
  for (const each of open) each.destroy();
  await stage.wipe();
});

const packet = (payload: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
};

const PING = Buffer.of(14);
/** The OK that answers it: affected rows, insert id, autocommit, no warnings. */
const PONG = Buffer.from('07000001000000020000 00'.replaceAll(' ', ''), 'hex');

/** Logs in with a client of ours through a socket between, and takes that over. */
async function rawSession(): Promise<RawSession> {
  let toRelay!: Socket;
  const server = createServer((client) => {
    toRelay = dial(stage.relay.port, '127.0.0.1');
    toRelay.on('error', () => undefined).pipe(client);
    client.on('error', () => undefined).on('data', (chunk) => toRelay.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const account = { host: '127.0.0.1', port, user: 'reader', passwords: ['pw'] };
  const connection = await connect({ ...account, getServerPublicKey: true, ssl: { sslMode: 'DISABLED' } });
  server.close();
  open.push(toRelay, connection);
  toRelay.unpipe();
  return {
    tell: (payload) =>
      new Promise((resolve) => {
        let answer = Buffer.alloc(0);
        const end = (isOpen: boolean): void => {
          toRelay.off('data', hear).off('close', hangUp);
          resolve({ isOpen, answer });
        };
        const hear = (chunk: Buffer): void => {
          answer = Buffer.concat([answer, chunk]);
          if (answer.subarray(-PONG.length).equals(PONG)) end(true);
        };
        const hangUp = (): void => end(false);
        if (toRelay.destroyed) {
          end(false);
          return;
        }
        toRelay.on('data', hear).on('close', hangUp);
        toRelay.resume();
        toRelay.write(packet(payload));
        toRelay.write(packet(PING));
      }),
  };
}

/** Cut off anywhere, with the smallest and the largest numbers in it. */
function* payloads(): Generator<Buffer> {
  for (let code = 0; code < 42; code += 1) {
    for (const fill of [0x00, 0x01, 0x7f, 0xff]) {
      for (const length of [0, 1, 3, 4, 5, 9, 10, 18, 22, 40]) {
        yield Buffer.concat([Buffer.of(code), Buffer.alloc(length, fill)]);
      }
    }
  }
}

/** Commands as a client sends them: MySQL's numbers, little endian. */
const whole: readonly string[] = [
  // COM_STMT_EXECUTE of statement 1, `SELECT ?, ?, ?`: a long, a text, a moment.
  '17 01000000 00 01000000 00 01 0300 fe00 0c00 2a000000 03616263 07e607010203040506',
  // COM_STMT_SEND_LONG_DATA, COM_STMT_RESET
  '18 01000000 0100 6161',
  '1a 01000000',
  // COM_CHANGE_USER: reader, an empty answer, no schema
  '11 72656164657200 00 00 2100 6d7973716c5f6e61746976655f70617373776f726400',
  // COM_REGISTER_SLAVE: three strings with lengths of their own
  '15 07000000 0161 0162 0163 0c00 00000000 00000000',
  // COM_BINLOG_DUMP of a file from its start
  '12 04000000 0100 07000000 62696e6c6f672e303030303031',
  // COM_BINLOG_DUMP_GTID behind a set of one
  '1e 0100 07000000 00000000 0400000000000000 30000000 0100000000000000 11111111111111111111111111111111 0100000000000000 0100000000000000 0900000000000000',
];

/** Cut off at every byte, and with every byte as large as it can be. */
function* lies(command: Buffer): Generator<Buffer> {
  for (let at = 1; at <= command.length; at += 1) yield command.subarray(0, at);
  for (let at = 1; at < command.length; at += 1) {
    const lie = Buffer.from(command);
    lie[at] = 0xff;
    yield lie;
  }
}

const PREPARE = Buffer.concat([Buffer.of(0x16), Buffer.from('SELECT ?, ?, ?')]);

/** What the relay took for a mistake of its own. */
async function mistakesOf(commands: Iterable<Buffer>): Promise<string[]> {
  const { failures } = stage.relay;
  const mistakes: string[] = [];
  const anew = async (): Promise<RawSession> => {
    const session = await rawSession();
    await session.tell(PREPARE);
    return session;
  };
  let session = await anew();
  for (const command of commands) {
    const known = failures.length;
    const { isOpen } = await session.tell(command);
    if (!isOpen) session = await anew();
    for (const error of failures.slice(known))
      mistakes.push(`${command.toString('hex')}: ${(error as Error).stack}`);
  }
  return mistakes;
}

test('commands of every kind that are too short, or nothing but large numbers, are no mistake of the relay', async () => {
  expect(await mistakesOf(payloads())).toEqual([]);
  expect(await stage.root.value('SELECT 1')).toBe('1');
}, 60_000);

test('commands that are cut off anywhere or lie about their lengths are no mistake of the relay', async () => {
  for (const text of whole) {
    const command = Buffer.from(text.replaceAll(' ', ''), 'hex');
    expect(await mistakesOf(lies(command))).toEqual([]);
  }
  expect(await stage.root.value('SELECT 1')).toBe('1');
}, 60_000);

test('an execution of no statement is malformed, as with the servers', async () => {
  const { answer } = await (await rawSession()).tell(Buffer.of(0x17, 1));
  // Behind the header and ff: ER_MALFORMED_PACKET
  expect(answer.readUInt16LE(5)).toBe(1835);
});

test('the columns of a table are listed with their defaults, without which the mysql client hangs up behind USE', async () => {
  const session = await rawSession();
  await session.tell(Buffer.from('\x02information_schema'));
  const { answer } = await session.tell(Buffer.from('\x04SCHEMATA\0'));
  const columns: Buffer[] = [];
  for (let at = 0; answer[at + 4] !== 0xfe; at += 4 + answer.readUIntLE(at, 3))
    columns.push(answer.subarray(at + 4, at + 4 + answer.readUIntLE(at, 3)));
  expect(columns.length).toBeGreaterThan(4);
  // Behind the fixed part, 12 bytes and their length, one NULL.
  for (const column of columns) expect([column.at(-14), column.at(-1)]).toEqual([12, 0xfb]);
});
