import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventFramer, hasChecksums, RawEvent, TransactionTracker } from '../../src/binlog/index.ts';
import { crc32 } from '../../src/bytes/index.ts';
import { ConnectionError, ServerError } from '../../src/errors/index.ts';
import { MariadbReplicaState, MysqlGtidSet } from '../../src/gtid/index.ts';
import {
  type Begin,
  DumpEvents,
  type EventBytes,
  type OpenSource,
  type SourceFacts,
  type StartPoint,
  type TransactionGtid,
  transactionGtid,
} from '../../src/replication/index.ts';

const STOP = 3;
const ROTATE = 4;
/** The last events of files: a source that crashed has written none. */
const LAST: ReadonlySet<number> = new Set([STOP, ROTATE]);
const CORPUS = join(import.meta.dirname, '..', 'corpus');

/** An event of a log, and the transaction it belongs to: -1 for none. */
interface LogEvent {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly transaction: number;
  readonly gtid: TransactionGtid | undefined;
}

interface LogFile {
  readonly name: string;
  readonly checksums: boolean;
  readonly events: readonly LogEvent[];
}

/** The recorded logs of a server, cut into events and transactions. */
export class RecordedLogs {
  readonly files: readonly LogFile[];
  /** The bytes of each whole transaction, in hex, one text each. */
  readonly transactions: readonly string[];

  constructor(server: string, names: readonly string[]) {
    let count = 0;
    const whole: Buffer[][] = [];
    let base = 'log.';
    let first = 1;
    const files = names.map((name, index) => {
      const tracker = new TransactionTracker();
      const framer = new EventFramer();
      framer.adopt(readFileSync(join(CORPUS, server, `${name}.binlog`)).subarray(4));
      const event = new RawEvent();
      const events: LogEvent[] = [];
      let gtid: TransactionGtid | undefined;
      while (framer.next(event)) {
        const bytes = Buffer.from(event.view());
        // A source sends the head of a log that it still writes as if it did not.
        if (event.type === 15) bytes[17] = bytes[17]! & ~1;
        const place = tracker.place(event);
        if (place === 'begins' || place === 'alone') {
          gtid = transactionGtid(event);
          whole[count] = [];
        }
        const transaction = place === 'outside' ? -1 : count;
        whole[transaction]?.push(bytes);
        if (place === 'ends' || place === 'alone') count += 1;
        events.push({
          bytes,
          start: event.position,
          end: event.position + event.length,
          transaction,
          gtid: transaction < 0 ? undefined : gtid,
        });
        if (event.type === ROTATE) {
          const [, before, number] = /^(.*\.)(\d+)$/.exec(
            bytes.toString('latin1', 27, event.bodyEnd - event.start),
          )!;
          base = before!;
          first = Number(number) - 1 - index;
        }
      }
      // The file that a last rotate names was not recorded.
      if (index === names.length - 1 && events.at(-1)?.bytes[4] === ROTATE) events.pop();
      return { events, checksums: framer.checksums };
    });
    this.files = files.map((file, index) => ({
      name: `${base}${String(first + index).padStart(6, '0')}`,
      ...file,
    }));
    this.transactions = whole.slice(0, count).map((parts) => Buffer.concat(parts).toString('hex'));
  }
}

/** What goes wrong with one dump, behind so many events. */
export interface Fault {
  readonly after: number;
  readonly kind: 'cut' | 'damaged' | 'lost' | 'repeated' | 'refused' | 'full';
}

/** A source that serves recorded logs as a server does, and fails as told: one fault a dump, none when they are used up. */
export class FakeSource {
  readonly facts: SourceFacts;
  dumps = 0;
  readonly #logs: RecordedLogs;
  readonly #faults: Fault[];

  constructor(logs: RecordedLogs, facts: Pick<SourceFacts, 'flavor' | 'hasGtids'>, faults: readonly Fault[]) {
    this.#logs = logs;
    this.#faults = [...faults];
    this.facts = {
      version: 'recorded',
      serverId: 1,
      serverUuid: facts.flavor === 'mysql' ? 'fake' : undefined,
      checksum: 'CRC32',
      semisync: false,
      ...facts,
    };
  }

  readonly open = async (start: StartPoint): Promise<OpenSource> => {
    this.dumps += 1;
    const fault = this.#faults.shift();
    if (fault?.kind === 'refused') throw new ConnectionError(2003, "Can't connect");
    if (fault?.kind === 'full') throw new ServerError(1040, '08004', 'Too many connections');
    const begin = this.#begin(start);
    const events = begin.by === 'gtid' ? this.#byGtid(begin.gtids) : this.#byPosition(begin);
    const stream = new FakeStream(events, fault);
    return {
      facts: this.facts,
      begin,
      events: new DumpEvents(stream, 'shown'),
      destroy: () => stream.close(),
    };
  };

  #begin(start: StartPoint): Begin {
    if (typeof start === 'string') return { by: 'position', file: '', position: 4, gtids: undefined };
    const { file, position = 4, gtids } = start;
    return gtids !== undefined && this.facts.hasGtids
      ? { by: 'gtid', gtids }
      : { by: 'position', file: file!, position, gtids };
  }

  #byPosition({ file, position }: { readonly file: string; readonly position: number }): Buffer[] {
    const { files } = this.#logs;
    const from = file === '' ? 0 : files.findIndex(({ name }) => name === file);
    if (from < 0) throw new ServerError(1236, 'HY000', 'Could not find first log file name');
    return files.slice(from).flatMap(({ name, events }, index) => {
      const begin = index === 0 ? position : 4;
      const rest = events.filter(({ start }) => start >= begin);
      if (rest.length < events.length && rest[0] !== undefined && rest[0].start !== begin) {
        throw new ServerError(1236, 'HY000', 'bogus data in log event');
      }
      const head = begin > 4 ? [headAgain(events[0]!.bytes)] : [];
      return [artificialRotate(name, begin), ...head, ...rest.map(({ bytes }) => bytes)];
    });
  }

  /** From the oldest file: whoever passes over more than a server would still must not miss or repeat anything. */
  #byGtid(seen: string): Buffer[] {
    const { files } = this.#logs;
    return files.flatMap(({ name, events, checksums }) => {
      const sent = [artificialRotate(name, 4)];
      let skipped: LogEvent | undefined;
      for (const event of events) {
        if (event.gtid !== undefined && covers(seen, event.gtid)) skipped = event;
        else {
          if (skipped !== undefined) sent.push(this.#endOfSkipped(name, skipped, checksums));
          skipped = undefined;
          sent.push(event.bytes);
        }
      }
      return sent;
    });
  }

  #endOfSkipped(name: string, { end }: LogEvent, checksums: boolean): Buffer {
    return this.facts.flavor === 'mysql'
      ? made(27, 0, end, Buffer.from(name), checksums)
      : made(163, 0x20, end, Buffer.alloc(4), checksums);
  }
}

function covers(seen: string, gtid: TransactionGtid): boolean {
  return gtid.flavor === 'mysql'
    ? MysqlGtidSet.parse(seen).has(gtid)
    : MariadbReplicaState.parse(seen).covers(gtid.domainId, gtid.seqNo);
}

/** An event that is in no log. */
function made(type: number, flags: number, logPos: number, body: Buffer, checksum: boolean): Buffer {
  const bytes = Buffer.alloc(19 + body.length + (checksum ? 4 : 0));
  bytes[4] = type;
  bytes.writeUInt32LE(1, 5);
  bytes.writeUInt32LE(bytes.length, 9);
  bytes.writeUInt32LE(logPos, 13);
  bytes.writeUInt16LE(flags, 17);
  body.copy(bytes, 19);
  if (checksum) bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - 4), bytes.length - 4);
  return bytes;
}

function artificialRotate(name: string, position: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeBigUInt64LE(BigInt(position));
  return made(4, 0x20, 0, Buffer.concat([body, Buffer.from(name)]), true);
}

/** The format description as it is sent for a dump from the middle of its file: without checksums in the log, its own stays as it was. */
function headAgain(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(0, 13);
  copy.writeUInt32LE(0, 19 + 2 + 50);
  if (hasChecksums(copy, 0, copy.length).events) {
    copy.writeUInt32LE(crc32(copy, 0, copy.length - 4), copy.length - 4);
  }
  return copy;
}

/** Hands out events a few at a time, up to its fault. */
class FakeStream implements EventBytes {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  readonly ackWanted = false;
  readonly #events: Buffer[];
  #failure: Error | undefined;
  #ready = 0;

  constructor(events: readonly Buffer[], fault: Fault | undefined) {
    this.#events = [...events];
    if (fault === undefined) return;
    const at = Math.min(fault.after, this.#events.length);
    if (fault.kind === 'cut') {
      this.#events.length = at;
      this.#failure = new ConnectionError(2013, 'Lost connection');
    } else if (fault.kind === 'damaged' && at < this.#events.length) {
      const damaged = Buffer.from(this.#events[at]!);
      const sum = damaged.length - 4;
      // Without a checksum, damage shows only where bytes do not fit each other.
      const where = crc32(damaged, 0, sum) === damaged.readUInt32LE(sum) ? sum - 1 : 9;
      damaged[where] = damaged[where]! ^ 0x10;
      this.#events[at] = damaged;
    } else if (fault.kind === 'lost' && !LAST.has(this.#events[at]?.[4] ?? ROTATE))
      this.#events.splice(at, 1);
    else if (fault.kind === 'repeated' && at > 0) this.#events.splice(at, 0, this.#events[at - 1]!);
  }

  step(): boolean {
    const event = this.#ready > 0 ? this.#events.shift() : undefined;
    if (event === undefined) return false;
    this.#ready -= 1;
    this.bytes = event;
    this.end = event.length;
    return true;
  }

  async wait(): Promise<boolean> {
    if (this.#events.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      return false;
    }
    this.#ready = 3;
    return true;
  }

  acknowledge(): void {}

  close(): void {
    this.#events.length = 0;
  }
}
