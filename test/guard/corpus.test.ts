import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZSTDDecoder } from 'zstddec';
import {
  decodeBody,
  type EventBody,
  EventFramer,
  EventType,
  LogState,
  MariadbGtidFlag,
  RawEvent,
} from '../../src/binlog/index.ts';
import { charsetOfCollation } from '../../src/charset/index.ts';
import { type GuardEvent, MysqlbinlogGuard, StrictGuard } from '../../src/guard/index.ts';

const CORPUS = join(import.meta.dirname, '../corpus');
const MAGIC_BYTES = 4;

const zstd = new ZSTDDecoder();
await zstd.init();

function guardEventOf(event: RawEvent, body: EventBody | undefined, state: LogState): GuardEvent {
  const { type, flags } = event;
  if (body?.kind === 'mariadbGtid') {
    return { type, flags, standalone: (body.flags & MariadbGtidFlag.STANDALONE) !== 0 };
  }
  if (body?.kind !== 'query') return { type, flags };
  const { flavor } = state;
  const { sqlMode, charset } = body.status;
  const name = charset === undefined ? undefined : charsetOfCollation(charset.client, flavor)?.name;
  const query = { statement: body.statement, sqlMode: Number(sqlMode ?? 0n), flavor };
  return { type, flags, query: name === undefined ? query : { ...query, charset: name } };
}

const DECODED: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.QUERY_EVENT,
  EventType.QUERY_COMPRESSED_EVENT,
  EventType.GTID_EVENT,
  EventType.TRANSACTION_PAYLOAD_EVENT,
]);

/** Every event of a log with what the guard wants to know; those inside payloads right behind theirs. */
function* eventsOf(
  bytes: Buffer,
  state: LogState = new LogState(),
  inner = false,
): Generator<GuardEvent | 'endPayload'> {
  const framer = new EventFramer();
  framer.adopt(bytes);
  const event = new RawEvent();
  while (framer.next(event)) {
    // Events inside a payload have no checksum.
    if (inner) event.bodyEnd = event.end;
    const body = DECODED.has(event.type) ? decodeBody(event, state) : undefined;
    if (body?.kind === 'formatDescription') state.setFormat(body);
    yield guardEventOf(event, body, state);
    if (body?.kind !== 'transactionPayload') continue;
    const payload = zstd.decode(body.payload, body.uncompressedSize);
    yield* eventsOf(Buffer.from(payload), state, true);
    yield 'endPayload';
  }
}

function bytesOf(path: string): Buffer {
  const bytes = readFileSync(join(CORPUS, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).subarray(MAGIC_BYTES);
}

describe('the rule of mysqlbinlog', () => {
  const cases = readFileSync(join(CORPUS, 'goldens.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, , , , argv]) => argv?.includes('--require-row-format') === true)
    .map(([folder, , , , argv, exit]) => [`${folder}/${argv!.split(' ').at(-1)!}`, exit] as const);

  it.each(cases)('ends %s with status %s', (log, exit) => {
    const guard = new MysqlbinlogGuard();
    let inPayload = 0;
    let refused = false;
    for (const event of eventsOf(bytesOf(log))) {
      if (event === 'endPayload') inPayload -= 1;
      else if (inPayload === 0 && !guard.check(event).pass) refused = true;
      if (event !== 'endPayload' && event.type === EventType.TRANSACTION_PAYLOAD_EVENT) inPayload += 1;
    }
    expect(refused ? '1' : '0').toBe(exit);
  });
});

/** Logs that hold more than rows, and the first thing that shows it. All others must pass whole. */
const refusedLogs: Readonly<Record<string, string>> = {
  'mysql97/checksum-none': 'sessionValue',
  'mysql97/compression': 'sessionValue',
  'mysql97/early-stop': 'statementChange',
  'mysql97/gtid-off': 'statementChange',
  'mysql97/incident': 'statementChange',
  'mysql97/load-data': 'loadData',
  'mysql97/replica.relay4': 'sessionValue',
  'mysql97/statement': 'sessionValue',
  'mysql97/stored-programs': 'sessionValue',
  'mysql97/temp-tables': 'temporaryTable',
  'mysql97/transactions': 'statementChange',
  'mysql56/ddl': 'temporaryTable',
  'mysql56/gtid': 'statementChange',
  'mysql56/load-data': 'loadData',
  'mysql56/statement': 'sessionValue',
  'mariadb1011/compress': 'sessionValue',
  'mariadb1011/events.1': 'temporaryTable',
  'mariadb1011/statement': 'sessionValue',
  'mariadb118/checksum-none.1': 'sessionValue',
  'mariadb118/checksum-none.2': 'statementChange',
  'mariadb118/compress': 'sessionValue',
  'mariadb118/load-data': 'loadData',
  'mariadb118/replica.relay4': 'sessionValue',
  'mariadb118/sequences': 'statementChange',
  'mariadb118/statement': 'sessionValue',
  'mariadb118/xa-ddl': 'statementChange',
};

describe.each(['mysql97', 'mysql56', 'mariadb1011', 'mariadb118'])(
  'the strict rule on logs of %s',
  (folder) => {
    const logs = readdirSync(join(CORPUS, folder)).filter(
      (name) => /\.binlog(\.gz)?$/.test(name) && !/^(damaged|encrypted)/.test(name),
    );

    it.each(logs)('%s', (name) => {
      const guard = new StrictGuard();
      let violation: string | undefined;
      for (const event of eventsOf(bytesOf(`${folder}/${name}`))) {
        const verdict = event === 'endPayload' ? guard.endPayload() : guard.check(event);
        if (verdict.pass) continue;
        violation = verdict.violation;
        break;
      }
      expect(violation).toBe(refusedLogs[`${folder}/${name.replace(/\.binlog(\.gz)?$/, '')}`]);
    });
  },
);
