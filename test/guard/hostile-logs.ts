import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { EventType, type Flavor } from '../../src/binlog/index.ts';
import { MysqlGtidSet } from '../../src/gtid/index.ts';
import { LogEvents } from '../../src/store/index.ts';
import type { Random } from '../differential/random.ts';
import { eventBytes, type Forged, gtid, payload, query, xid } from '../relay/forged-source.ts';
import { CORES, disguised } from './hostile-statements.ts';

/** A transaction that means harm, or may be harmless. */
export interface Hostile {
  readonly events: readonly Forged[];
  /** Whether it brings rows as row events, besides what else it does. */
  readonly rows: boolean;
  /** How it is made, for people. */
  readonly words: string;
}

const MAGIC = Buffer.from('\xfebin', 'latin1');
const NEWEST = { mysql: '9.7.4', mariadb: '11.8.6-MariaDB' } as const;

const raw = (type: number, ...parts: readonly (Buffer | string)[]): Forged => ({
  type,
  body: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
});

const STANDALONE = 1;
const mariadbGtid = (sequence: number, flags: number): Forged => {
  const body = Buffer.alloc(19);
  body.writeBigUInt64LE(BigInt(sequence), 0);
  body[12] = flags;
  return { type: EventType.GTID_EVENT, body };
};

const TABLE_ID = Buffer.from([9, 0, 0, 0, 0, 0]);
/** One row of `g.t (a INT)`. */
function insertedRow(flavor: Flavor, value: number): Forged[] {
  const cell = Buffer.alloc(4);
  cell.writeInt32LE(value);
  const image = Buffer.concat([Buffer.from([1, 1, 0]), cell]);
  const map = raw(EventType.TABLE_MAP_EVENT, TABLE_ID, '\x01\0', '\x01g\0\x01t\0', '\x01\x03\0\x01');
  return flavor === 'mysql'
    ? [map, raw(EventType.WRITE_ROWS_EVENT, TABLE_ID, '\x01\0\x02\0', image)]
    : [map, raw(EventType.WRITE_ROWS_EVENT_V1, TABLE_ID, '\x01\0', image)];
}

/** Collations by their numbers: utf8mb4, latin1, gbk, sjis, big5, cp932, gb18030, euckr. */
const COLLATIONS = [45, 8, 28, 13, 1, 95, 248, 19];
const SQL_MODES = [0, 0x4, 0x100000, 0x100004, 0x2, 0x200, 0x40_0000_0000];

/** Status variables of a Query event, also such as only some servers know, twice, or not at all. */
function status(random: Random): Buffer {
  const part = (): Buffer =>
    random.pick([
      () => {
        const mode = Buffer.alloc(9);
        mode[0] = 1;
        mode.writeBigUInt64LE(BigInt(random.pick(SQL_MODES)), 1);
        return mode;
      },
      () => {
        const set = Buffer.alloc(7);
        set[0] = 4;
        set.writeUInt16LE(random.pick(COLLATIONS), 1);
        set.writeUInt16LE(45, 3);
        set.writeUInt16LE(45, 5);
        return set;
      },
      () => Buffer.from([0, 0, 0, 0, 0]),
      () => Buffer.from([3, 1, 0, 1, 0]),
      () => Buffer.from([random.pick([13, 200]), 0, 0, 0]),
    ])();
  return Buffer.concat(random.times(0, 3, part));
}

function queryOf(random: Random, text: string, compressed: boolean): Forged {
  const made = query('', 'g');
  const variables = status(random);
  const fixed = Buffer.from(made.body.subarray(0, 13));
  fixed.writeUInt16LE(variables.length, 11);
  const statement = Buffer.from(text, 'latin1');
  const length = Buffer.from([0x82, statement.length >> 8, statement.length & 0xff]);
  return compressed
    ? raw(EventType.QUERY_COMPRESSED_EVENT, fixed, variables, 'g\0', length, deflateSync(statement))
    : raw(EventType.QUERY_EVENT, fixed, variables, 'g\0', statement);
}

/** MySQL's applier goes on in the middle of a group that begins or ends in another way, when told to pass over it. */
const BEGINS = {
  mysql: ['BEGIN'],
  mariadb: ['BEGIN', 'begin', 'BE', 'START TRANSACTION', 'BEGIN /* x */', 'XA START "x"'],
} as const;
const ENDS = {
  mysql: ['COMMIT'],
  mariadb: ['COMMIT', 'ROLLBACK', 'commit', 'CO', 'COMMIT AND CHAIN', 'COMMIT WORK', 'XA END "x"'],
} as const;

const userVariable = raw(
  EventType.USER_VAR_EVENT,
  Buffer.from([1, 0, 0, 0]),
  'v',
  Buffer.from([0, 0, 45, 0, 0, 0, 1, 0, 0, 0]),
  'x',
);
const RIDERS: readonly Forged[] = [
  raw(EventType.INTVAR_EVENT, Buffer.from([2, 5, 0, 0, 0, 0, 0, 0, 0])),
  raw(EventType.RAND_EVENT, Buffer.alloc(16, 1)),
  userVariable,
  raw(EventType.BEGIN_LOAD_QUERY_EVENT, Buffer.from([7, 0, 0, 0]), '7\n'),
  raw(EventType.APPEND_BLOCK_EVENT, Buffer.from([7, 0, 0, 0]), '8\n'),
  raw(EventType.DELETE_FILE_EVENT, Buffer.from([7, 0, 0, 0])),
  raw(EventType.ROWS_QUERY_LOG_EVENT, '\x06DELETE'),
];

/** What follows the GTID of a transaction number `number`. */
function body(random: Random, flavor: Flavor, number: number): Omit<Hostile, 'words'> {
  const rows = insertedRow(flavor, 1_000_000 + number);
  const isCompressed = flavor === 'mariadb' && random.chance(0.3);
  const statement = (): Forged =>
    queryOf(random, random.chance(0.4) ? random.pick(CORES) : disguised(random), isCompressed);
  const begin = (): Forged => query(random.pick(BEGINS[flavor]), 'g');
  const end = (): Forged => (random.chance(0.5) ? xid : query(random.pick(ENDS[flavor]), 'g'));
  const shapes: readonly (() => Omit<Hostile, 'words'>)[] = [
    () => ({ events: [statement()], rows: false }),
    () => ({ events: [statement()], rows: false }),
    () => ({ events: [begin(), statement(), end()], rows: false }),
    () => ({ events: [begin(), statement(), statement(), end()], rows: false }),
    () => ({ events: [begin(), ...rows, statement(), end()], rows: true }),
    () => ({ events: [begin(), statement(), ...rows, end()], rows: true }),
    () => ({ events: [random.pick(RIDERS), statement()], rows: false }),
    () => ({ events: [begin(), random.pick(RIDERS), statement(), end()], rows: false }),
    () => ({ events: [begin(), random.pick(RIDERS), ...rows, end()], rows: true }),
    () => ({ events: [statement(), ...rows, end()], rows: true }),
    () => ({ events: [begin(), ...rows, end()], rows: true }),
  ];
  const payloads: readonly (() => Omit<Hostile, 'words'>)[] = [
    () => ({ events: [payload(begin(), statement(), end())], rows: false }),
    () => ({ events: [payload(statement())], rows: false }),
    () => ({ events: [payload(begin(), ...rows, statement(), end())], rows: true }),
    () => ({ events: [payload(begin(), random.pick(RIDERS), statement(), end())], rows: false }),
    () => ({ events: [payload(begin(), ...rows, end())], rows: true }),
  ];
  return random.pick(flavor === 'mysql' ? [...shapes, ...payloads] : shapes)();
}

/** Makes a relay log of hostile transactions, an honest one of one row before each. */
export class HostileLog {
  readonly path: string;
  readonly #flavor: Flavor;
  readonly #random: Random;
  /** Of each transaction, by its number less one. */
  readonly transactions: Hostile[] = [];
  /** Their events, as they stand in the log. */
  readonly bytes: Buffer[][] = [];
  /** Where each begins. */
  readonly positions: number[] = [];
  readonly format: Buffer;
  readonly #head: Buffer;
  #at = MAGIC.length;

  constructor(path: string, flavor: Flavor, random: Random) {
    this.path = path;
    this.#flavor = flavor;
    this.#random = random;
    const events = new LogEvents({
      flavor,
      serverId: 77,
      serverVersion: NEWEST[flavor],
      relayLog: false,
      now: () => 1_700_000_000_000,
    });
    this.format = events.formatDescription(MAGIC.length, true, false);
    this.#at += this.format.length;
    const previous =
      flavor === 'mysql' ? events.previousGtids(this.#at, MysqlGtidSet.empty().toBytes()) : Buffer.alloc(0);
    this.#at += previous.length;
    this.#head = Buffer.concat([MAGIC, this.format, previous]);
    writeFileSync(path, this.#head);
  }

  /** The whole log. Until it is written over the file, that holds its head. */
  whole(): Buffer {
    return Buffer.concat([this.#head, ...this.bytes.flat()]);
  }

  add(honest: boolean): void {
    const number = this.transactions.length + 1;
    const row = insertedRow(this.#flavor, number);
    if (honest) {
      this.#append({ events: [query('BEGIN', 'g'), ...row, xid], rows: true, words: 'honest' }, number);
      return;
    }
    const { events, rows } = body(this.#random, this.#flavor, number);
    const words = events
      .map(({ type, body: bytes }) => `${type}:${bytes.toString('latin1').slice(type === 2 ? 13 : 0)}`)
      .join(' | ');
    this.#append({ events, rows, words }, number);
  }

  #append(hostile: Hostile, number: number): void {
    this.positions.push(this.#at);
    const honest = hostile.words === 'honest';
    const first =
      this.#flavor === 'mysql'
        ? gtid(number)
        : mariadbGtid(
            number,
            hostile.events.length > 1 === this.#random.chance(honest ? 1 : 0.9) ? 0 : STANDALONE,
          );
    // MariaDB's GTID is its BEGIN.
    const begins = hostile.events.length > 1 && (honest || this.#random.chance(0.8));
    const rest = this.#flavor === 'mariadb' && begins ? hostile.events.slice(1) : hostile.events;
    const events = [first, ...rest];
    this.transactions.push({ ...hostile, events });
    const made = events.map((event) => {
      const bytes = eventBytes(event, this.#at);
      this.#at += bytes.length;
      return bytes;
    });
    this.bytes.push(made);
  }
}
