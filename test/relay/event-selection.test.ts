import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type EventBody,
  EventType,
  encodeEvent,
  encodePayload,
  HEADER_BYTES,
  LENGTH_AT,
  LogState,
  loadZstd,
  MariadbGtidFlag,
  RawEvent,
  RowsFlag,
  rowsShape,
  shownEventType,
  TransactionTracker,
} from '../../src/binlog/index.ts';
import { crc32 } from '../../src/bytes/index.ts';
import { TransactionBuffer } from '../../src/relay/binary-log/index.ts';
import { placeEvents } from '../../src/relay/binary-log/place-events.ts';
import {
  EventSelection,
  NO_FILTERS,
  ReplicateFilter,
  type ReplicationFilters,
} from '../../src/replication/selection/index.ts';
import { fileSource, LogReader } from '../../src/store/index.ts';

const CORPUS = join(import.meta.dirname, '../corpus');
/** Logs that can be read to their end: others are damaged on purpose, or encrypted. */
const LOGS = (['mysql97', 'mysql56', 'mariadb118'] as const).flatMap((server) =>
  readdirSync(join(CORPUS, server))
    .filter(
      (name) =>
        name.endsWith('.binlog') && !name.startsWith('damaged') && isWhole(join(CORPUS, server, name)),
    )
    .map((name) => [server, name] as const),
);

function isWhole(path: string): boolean {
  const reader = new LogReader(fileSource(path));
  try {
    reader.open();
    const event = new RawEvent();
    while (reader.next(event)) if (event.type === EventType.START_ENCRYPTION_EVENT) return false;
    return true;
  } catch {
    return false;
  } finally {
    reader.close();
  }
}

await loadZstd();

interface Seen {
  readonly type: number;
  /** Of a table map: `schema.table`. */
  readonly table: string | undefined;
  readonly endsStatement: boolean;
}

function seen(bytes: Buffer, start: number): Seen {
  const written = bytes[start + 4]!;
  // A compressed statement that is changed is written plainly.
  const type = written === EventType.QUERY_COMPRESSED_EVENT ? EventType.QUERY_EVENT : written;
  if (type === EventType.TABLE_MAP_EVENT) {
    const at = start + HEADER_BYTES + 8;
    const schema = bytes.toString('utf8', at + 1, at + 1 + bytes[at]!);
    const tableAt = at + bytes[at]! + 3;
    const table = bytes.toString('utf8', tableAt, tableAt + bytes[tableAt - 1]!);
    return { type, table: `${schema}.${table}`, endsStatement: false };
  }
  const isRows = rowsShape(type) !== undefined;
  const flags = isRows ? bytes.readUInt16LE(start + HEADER_BYTES + 6) : 0;
  return { type, table: undefined, endsStatement: (flags & RowsFlag.STMT_END) !== 0 };
}

/** The transactions of a log, as they come out of the selection. */
function selected(server: string, name: string, filters: ReplicationFilters | undefined): Seen[][] {
  const reader = new LogReader(fileSource(join(CORPUS, server, name)));
  reader.open();
  const buffer = new TransactionBuffer();
  const flavor = server.startsWith('mariadb') ? 'mariadb' : 'mysql';
  const filter = filters === undefined ? undefined : new ReplicateFilter(filters);
  const selection = new EventSelection(filter, undefined, flavor, buffer);
  const tracker = new TransactionTracker();
  const event = new RawEvent();
  const transactions: Seen[][] = [];
  while (reader.next(event)) {
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) selection.setFormat(event);
    const place = tracker.place(event);
    if (place === 'outside') continue;
    if (place === 'begins' || place === 'alone') selection.begin();
    selection.take(event);
    if (place !== 'ends' && place !== 'alone') continue;
    placeEvents(buffer, 4);
    expectSums(buffer);
    transactions.push(buffer.slabs.map((slab, index) => seen(slab, buffer.starts[index]!)));
    buffer.clear();
  }
  reader.close();
  return transactions;
}

/** Events that were changed have checksums of their own. */
function expectSums({ slabs, starts, ends }: TransactionBuffer): void {
  const sums = slabs.map((slab, index) => slab.readUInt32LE(ends[index]! - 4));
  expect(sums).toEqual(slabs.map((slab, index) => crc32(slab, starts[index], ends[index]! - 4)));
}

/** What a transaction begins with, except where it stands alone without a name. */
const NAMES: ReadonlySet<number> = new Set([
  EventType.GTID_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.GTID_TAGGED_LOG_EVENT,
  EventType.GTID_EVENT,
]);

/** Rows end their statement before anything else comes. */
function expectWhole(events: readonly Seen[]): void {
  let isOpen = false;
  for (const { type, endsStatement } of events) {
    if (rowsShape(type) !== undefined) isOpen = !endsStatement;
    else if (
      type !== EventType.TABLE_MAP_EVENT &&
      type !== EventType.ROWS_QUERY_LOG_EVENT &&
      type !== EventType.ANNOTATE_ROWS_EVENT
    )
      expect(isOpen).toBe(false);
  }
  expect(isOpen).toBe(false);
}

const tablesOf = (transactions: readonly (readonly Seen[])[]): string[] => [
  ...new Set(transactions.flatMap((events) => events.flatMap(({ table }) => table ?? []))),
];

describe('of recorded logs', () => {
  test('every transaction stays, whole, whatever is left out of it', () => {
    let left = 0;
    for (const [server, name] of LOGS) {
      const all = selected(server, name, NO_FILTERS_ON);
      for (const table of tablesOf(all).slice(0, 3)) {
        const without = selected(server, name, { ...NO_FILTERS, ignoreTable: [table] });
        expect(tablesOf(without), `${server}/${name}`).not.toContain(table);
        const only = selected(server, name, { ...NO_FILTERS, doTable: [table] });
        expect(tablesOf(only).filter((other) => other !== table)).toEqual([]);
        for (const some of [without, only]) {
          expect(some.length, `${server}/${name}`).toBe(all.length);
          for (const [index, events] of some.entries()) {
            expectWhole(events);
            const [first] = all[index]!;
            // Its name is never left out.
            if (NAMES.has(first!.type))
              expect(events[0]?.type, `${server}/${name} ${index}`).toBe(first!.type);
            left += all[index]!.length - events.length;
          }
        }
      }
    }
    expect(left).toBeGreaterThan(1000);
  });

  test('a database comes under its other name, and nothing else changes', () => {
    let renamed = 0;
    for (const [server, name] of LOGS) {
      const all = selected(server, name, NO_FILTERS_ON);
      const [schema] = tablesOf(all)[0]?.split('.') ?? [];
      if (schema === undefined) continue;
      const other = selected(server, name, { ...NO_FILTERS, rewriteDb: [[schema, 'another_name']] });
      const expected = all.map((events) =>
        events.map(({ table, ...rest }) => ({
          ...rest,
          table: table?.replace(new RegExp(`^${schema}\\.`), 'another_name.'),
        })),
      );
      expect(other, `${server}/${name}`).toEqual(
        expected.map((events) => events.map((event) => ({ ...event }))),
      );
      renamed += 1;
    }
    expect(renamed).toBeGreaterThan(20);
  });
});

/** A filter that lets everything through, and opens what is compressed, as any filter does. */
const NO_FILTERS_ON: ReplicationFilters = { ...NO_FILTERS, ignoreDb: ['no_such_database'] };

describe('of a statement that does not pass', () => {
  const state = new LogState();
  const STATUS = Buffer.from('0000000000' + '010000000000000000' + '04ff00ff00ff00', 'hex');
  const statementBody = (statement: string): object => ({
    threadId: 1,
    executionSeconds: 0,
    errorCode: 0,
    status: { bytes: STATUS },
    schema: Buffer.from('x'),
    statement: Buffer.from(statement),
  });

  function forged(type: number, body: object): RawEvent {
    const header = { timestamp: 1, type, serverId: 1, logPos: 0, flags: 0 };
    const bytes = encodeEvent(header, body as EventBody, state, { checksum: true });
    const event = new RawEvent();
    event.aim(bytes, 0, bytes.length, 4, true);
    return event;
  }

  const gtid = forged(EventType.GTID_LOG_EVENT, {
    kind: 'gtid',
    fields: 0,
    flags: 0,
    uuid: Buffer.alloc(16, 7),
    gno: 1n,
    rest: Buffer.alloc(0),
  });
  const query = (statement: string): RawEvent =>
    forged(EventType.QUERY_EVENT, { kind: 'query', ...statementBody(statement) });
  const xid = forged(EventType.XID_EVENT, { kind: 'xid', xid: 7n });
  const insertId = forged(EventType.INTVAR_EVENT, { kind: 'intvar', variable: 2, value: 5n });
  const userVariable = forged(EventType.USER_VAR_EVENT, {
    kind: 'userVar',
    name: Buffer.from('e'),
    value: undefined,
    rest: Buffer.alloc(0),
  });
  const note = forged(EventType.ROWS_QUERY_LOG_EVENT, {
    kind: 'rowsQuery',
    length: 1,
    statement: Buffer.from('x'),
  });
  const tableMap = (schema: string, tableId: number): RawEvent =>
    forged(EventType.TABLE_MAP_EVENT, {
      kind: 'tableMap',
      tableId,
      flags: 1,
      schema: Buffer.from(schema),
      table: Buffer.from('t'),
      columns: [],
      metadata: [],
    });
  const rows = (tableId: number, flags: number, bytes = 5): RawEvent =>
    forged(EventType.WRITE_ROWS_EVENT, {
      kind: 'rows',
      shape: { operation: 'insert', version: 2, compressed: false, partial: false },
      tableId,
      flags,
      extra: Buffer.alloc(0),
      columnCount: 1,
      present: Buffer.of(1),
      presentAfter: Buffer.of(1),
      images: Buffer.alloc(bytes),
      block: undefined,
    });
  /** As in a payload: of this length, and no longer. */
  function withoutSum(bytes: Buffer): Buffer {
    const event = Buffer.from(bytes);
    event.writeUInt32LE(event.length, LENGTH_AT);
    return event;
  }
  const loadBlock = (type: number, bytes: number): RawEvent =>
    forged(type, {
      kind: type === EventType.APPEND_BLOCK_EVENT ? 'appendBlock' : 'beginLoadQuery',
      fileId: 3,
      data: Buffer.alloc(bytes),
    });
  const load = (table: string): RawEvent =>
    forged(EventType.EXECUTE_LOAD_QUERY_EVENT, {
      kind: 'executeLoadQuery',
      ...statementBody(`LOAD DATA INFILE 'f' INTO TABLE ${table}`),
      fileId: 3,
      nameStart: 9,
      nameEnd: 20,
      duplicates: 0,
    });

  /** Names of the events that pass. */
  function passed(filters: Partial<ReplicationFilters>, ...events: RawEvent[]): string[] {
    const buffer = new TransactionBuffer();
    const selection = new EventSelection(
      new ReplicateFilter({ ...NO_FILTERS, ...filters }),
      undefined,
      'mysql',
      buffer,
    );
    selection.begin();
    for (const event of events) selection.take(event);
    placeEvents(buffer, 4);
    expectSums(buffer);
    return buffer.slabs.map((slab, at) => {
      const { type, endsStatement } = seen(slab, buffer.starts[at]!);
      return `${shownEventType(type, 'mysql')}${endsStatement ? ' end' : ''}`;
    });
  }

  test('nothing stays that was said before it', () => {
    const ofEvent = [gtid, userVariable, query('CREATE EVENT v ON SCHEDULE AT @e DO SET @x = 1')];
    expect(passed({ ignoreDb: ['x'] }, ...ofEvent)).toEqual(['Gtid', 'Query', 'Query']);
    expect(passed({ ignoreDb: ['y'] }, ...ofEvent)).toEqual(['Gtid', 'User var', 'Query']);
    const inserts = [
      gtid,
      query('BEGIN'),
      insertId,
      userVariable,
      query('INSERT INTO t VALUES (@e)'),
      insertId,
      query('INSERT INTO u VALUES (1)'),
      xid,
    ];
    expect(passed({ ignoreTable: ['x.t'] }, ...inserts)).toEqual(['Gtid', 'Query', 'Intvar', 'Query', 'Xid']);
  });

  test.each([
    ['of a group', 0, ['Gtid', 'Xid']],
    ['by itself', MariadbGtidFlag.STANDALONE, ['Gtid', 'Query']],
  ])("MariaDB's GTID stays before what ends it: of a statement %s", (_, flags, events) => {
    const mariadb = forged(EventType.GTID_EVENT, {
      kind: 'mariadbGtid',
      sequence: 1n,
      domainId: 0,
      flags,
      rest: Buffer.alloc(6),
    });
    const end = flags === 0 ? [xid] : [];
    const all = [mariadb, userVariable, query('INSERT INTO t VALUES (@e)'), ...end];
    expect(passed({ ignoreDb: ['x'] }, ...all)).toEqual(events);
    expect(passed({ ignoreDb: ['x'] }, mariadb, query('INSERT INTO t VALUES (1)'), ...end)).toEqual(events);
  });

  test('nor its file, where it is a LOAD DATA', () => {
    const events = [
      gtid,
      query('BEGIN'),
      loadBlock(EventType.BEGIN_LOAD_QUERY_EVENT, 9),
      loadBlock(EventType.APPEND_BLOCK_EVENT, 9),
      insertId,
      load('t'),
      xid,
    ];
    const all = ['Gtid', 'Query', 'Begin_load_query', 'Append_block', 'Intvar', 'Execute_load_query', 'Xid'];
    expect(passed({ ignoreTable: ['x.t'] }, ...events)).toEqual(['Gtid', 'Query', 'Xid']);
    expect(passed({ ignoreTable: ['x.u'] }, ...events)).toEqual(all);
    expect(passed({ rewriteDb: [['x', 'y']], ignoreTable: ['x.t'] }, ...events)).toEqual(all);
    expect(passed({ rewriteDb: [['x', 'y']], doTable: ['x.t'] }, ...events)).toEqual([
      'Gtid',
      'Query',
      'Xid',
    ]);
  });

  test('of a long file replicas are told to forget what they have', () => {
    const blocks = [9 << 20, 9 << 20, 1].map((bytes) => loadBlock(EventType.APPEND_BLOCK_EVENT, bytes));
    const events = [gtid, query('BEGIN'), loadBlock(EventType.BEGIN_LOAD_QUERY_EVENT, 1), ...blocks];
    const beginning = ['Gtid', 'Query', 'Begin_load_query', 'Append_block', 'Append_block'];
    expect(passed({ ignoreTable: ['x.t'] }, ...events, load('t'), xid)).toEqual([
      ...beginning,
      'Delete_file',
      'Xid',
    ]);
    expect(passed({ ignoreTable: ['x.u'] }, ...events, load('t'), xid)).toEqual([
      ...beginning,
      'Append_block',
      'Execute_load_query',
      'Xid',
    ]);
  });

  test('the text of rows goes where they go', () => {
    const of = (...schemas: string[]): RawEvent[] => [
      gtid,
      query('BEGIN'),
      note,
      ...schemas.map((schema, at) => tableMap(schema, at)),
      ...schemas.map((_, at) => rows(at, at === schemas.length - 1 ? RowsFlag.STMT_END : 0)),
      xid,
    ];
    const filters = { ignoreDb: ['x'] };
    expect(passed(filters, ...of('x'))).toEqual(['Gtid', 'Query', 'Xid']);
    expect(passed(filters, ...of('y'))).toEqual([
      'Gtid',
      'Query',
      'Rows_query',
      'Table_map',
      'Write_rows end',
      'Xid',
    ]);
    expect(passed(filters, ...of('y', 'x'))).toEqual(passed(filters, ...of('y')));
    expect(passed(filters, ...of('x', 'y'))).toEqual(passed(filters, ...of('y')));
  });

  test('rows of a statement may be written before it ends', () => {
    const buffer = new TransactionBuffer();
    const filter = new ReplicateFilter({ ...NO_FILTERS, ignoreDb: ['x'] });
    const selection = new EventSelection(filter, undefined, 'mysql', buffer);
    selection.begin();
    for (const event of [gtid, query('BEGIN'), tableMap('y', 1), tableMap('x', 2)]) selection.take(event);
    let written = 0;
    for (let at = 0; at < 5; at += 1) {
      for (const tableId of [1, 2])
        selection.take(rows(tableId, at === 4 && tableId === 2 ? RowsFlag.STMT_END : 0));
      written += buffer.count;
      const lasts = buffer.slabs.map((slab, index) => seen(slab, buffer.starts[index]!).endsStatement);
      expect(lasts.includes(true)).toBe(at === 4);
      buffer.clear();
    }
    // GTID, BEGIN, a map, and rows five times.
    expect(written).toBe(8);
  });

  test('a compressed transaction is unpacked part by part, and ends with the last', () => {
    const inner = [
      query('BEGIN'),
      tableMap('y', 1),
      ...Array<RawEvent>(3).fill(rows(1, 0, 3 << 20)),
      rows(1, 1),
      xid,
    ];
    const payload = forged(
      EventType.TRANSACTION_PAYLOAD_EVENT,
      encodePayload(
        Buffer.concat(inner.map(({ bytes, bodyEnd }) => withoutSum(bytes.subarray(0, bodyEnd)))),
        'none',
      ),
    );
    const buffer = new TransactionBuffer();
    const filter = new ReplicateFilter({ ...NO_FILTERS, ignoreDb: ['x'] });
    const selection = new EventSelection(filter, undefined, 'mysql', buffer);
    const parts: string[] = [];
    const write = (): void => {
      parts.push(
        buffer.slabs
          .map((slab, at) => shownEventType(seen(slab, buffer.starts[at]!).type, 'mysql'))
          .join(' '),
      );
      buffer.clear();
    };
    selection.begin();
    selection.take(gtid);
    selection.take(payload);
    for (; selection.hasMore; selection.takeMore()) write();
    write();
    expect(parts).toEqual(['Gtid Query Table_map Write_rows Write_rows', 'Write_rows Write_rows Xid']);
  });
});
