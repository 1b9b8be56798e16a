import {
  type EventBody,
  EventFlag,
  EventType,
  LogState,
  PayloadReader,
  RawEvent,
  RowReader,
  TableMemory,
  type TransactionPlace,
  TransactionTracker,
} from '../binlog/index.ts';
import { FormatError } from '../errors/index.ts';
import { ChecksumCounts } from './checksum-counts.ts';
import { EventCounts } from './event-counts.ts';
import { GtidCoverage } from './gtid-coverage.ts';
import type { FileInspection, Inspection, LargeTransaction } from './inspection.ts';
import { Refusals } from './refusals.ts';
import { RowCounts } from './row-counts.ts';
import { TransactionSizes } from './transaction-sizes.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Gathers what is in logs. Feed it every event: {@link startFile}, {@link event}…, {@link endFile}, and {@link inspection} at the end.
 * Memory is bounded by the number of tables and GTID intervals, not by the length of the logs.
 */
export class Inspector {
  readonly #files: Mutable<FileInspection>[] = [];
  readonly #events = new EventCounts();
  readonly #checksums = new ChecksumCounts();
  readonly #sizes = new TransactionSizes();
  readonly #rows = new RowCounts();
  readonly #gtids = new GtidCoverage();
  readonly #refusals = new Refusals();
  readonly #tracker = new TransactionTracker();
  #state = new LogState();
  #tables = new TableMemory(this.#state);
  #transaction: Mutable<LargeTransaction> | undefined;
  #payload = { transactions: 0, bytes: 0, inflatedBytes: 0 };

  startFile(name: string): void {
    this.#state = new LogState();
    this.#tables = new TableMemory(this.#state);
    this.#refusals.startFile(name);
    this.#files.push({
      name,
      bytes: 4,
      events: 0,
      serverVersion: undefined,
      from: undefined,
      to: undefined,
      checksums: 'NONE',
      ending: 'open',
      nextFile: undefined,
      problem: undefined,
    });
  }

  /** One event, with payloads already decodable (zstd loaded). Damage in a body is noted, not thrown. */
  event(event: RawEvent): void {
    const file = this.#file;
    file.events += 1;
    file.bytes += event.length;
    this.#events.add(event);
    this.#checksums.verify(event, file.name);
    const place = this.#tracker.place(event);
    if (event.timestamp > 0 && !event.hasFlag(EventFlag.ARTIFICIAL)) {
      file.from = Math.min(file.from ?? event.timestamp, event.timestamp);
      file.to = Math.max(file.to ?? event.timestamp, event.timestamp);
    }
    try {
      this.#body(event, place, this.#tables.decode(event));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      file.ending = 'damaged';
      file.problem ??= error.at({ position: event.position, event: event.name }).describe();
    }
  }

  /** The file's end; `problem` where it could not be read to it. */
  endFile(problem?: { torn: boolean; description: string }): void {
    const file = this.#file;
    if (problem === undefined) return;
    file.ending = problem.torn && file.ending === 'in use' ? 'torn' : 'damaged';
    file.problem ??= problem.description;
  }

  inspection(): Inspection {
    const times = this.#files.flatMap(({ from, to }) => [from, to]).filter((time) => time !== undefined);
    const sum = (pick: (file: FileInspection) => number): number =>
      this.#files.reduce((total, file) => total + pick(file), 0);
    return {
      files: this.#files,
      events: sum((file) => file.events),
      bytes: sum((file) => file.bytes),
      from: times.length === 0 ? undefined : Math.min(...times),
      to: times.length === 0 ? undefined : Math.max(...times),
      eventTypes: this.#events.summary(),
      transactions: this.#sizes.summary(this.#transaction === undefined ? 0 : 1),
      tables: this.#rows.summary(),
      gtids: this.#gtids.summary(),
      compression: this.#payload.transactions === 0 ? undefined : this.#payload,
      checksums: this.#checksums.summary(),
      refused: this.#refusals.summary(),
    };
  }

  get #file(): Mutable<FileInspection> {
    return this.#files.at(-1)!;
  }

  #begin(event: RawEvent, gtid: string | undefined): void {
    this.#end();
    const { name: file } = this.#file;
    this.#transaction = {
      file,
      position: event.position,
      bytes: 0,
      rows: 0,
      gtid,
      timestamp: event.timestamp,
    };
  }

  #end(): void {
    if (this.#transaction !== undefined) this.#sizes.add(this.#transaction);
    this.#transaction = undefined;
  }

  #body(event: RawEvent, place: TransactionPlace, body: EventBody): void {
    this.#refusals.event(event, body, this.#state);
    const state = this.#state;
    const file = this.#file;
    const gtid = this.#gtidOf(event, body);
    if (place === 'begins' || place === 'alone') this.#begin(event, gtid);
    switch (body.kind) {
      case 'formatDescription':
        state.setFormat(body);
        file.serverVersion ??= body.serverVersion;
        file.checksums = body.checksumAlgorithm === 1 ? 'CRC32' : 'NONE';
        file.ending = event.hasFlag(EventFlag.BINLOG_IN_USE) ? 'in use' : 'open';
        return;
      case 'previousGtids':
        this.#gtids.addPrevious(body.set);
        return;
      case 'rows':
        this.#countRows(event, body);
        break;
      case 'transactionPayload':
        this.#inner(event, body);
        break;
      case 'rotate':
        if (!event.hasFlag(EventFlag.ARTIFICIAL)) {
          file.ending = 'rotated';
          file.nextFile = body.nextFile.toString('utf8');
        }
        return;
      case 'stop':
        file.ending = 'stopped';
        return;
      default:
        break;
    }
    if (this.#transaction !== undefined) this.#transaction.bytes += event.length;
    if (place === 'ends' || place === 'alone') this.#end();
  }

  #gtidOf({ type, serverId }: RawEvent, body: EventBody): string | undefined {
    if (body.kind === 'mariadbGtid') return this.#gtids.addMariadb(body.domainId, serverId, body.sequence);
    if (body.kind === 'gtidTagged') return this.#gtids.addMysql(body.uuid, body.tag, body.gno);
    if (body.kind !== 'gtid') return undefined;
    if (type === EventType.GTID_LOG_EVENT) return this.#gtids.addMysql(body.uuid, '', body.gno);
    this.#gtids.addAnonymous();
    return undefined;
  }

  #countRows(event: RawEvent, body: Extract<EventBody, { kind: 'rows' }>): void {
    const table = this.#tables.find(body.tableId);
    if (table === undefined) throw new FormatError(`rows of table ${body.tableId}, which no table map names`);
    const reader = new RowReader(body, table);
    let count = 0;
    while (reader.skip()) count += 1;
    this.#rows.add(table, body.shape.operation, count, event.length);
    if (this.#transaction !== undefined) this.#transaction.rows += count;
  }

  #inner(event: RawEvent, body: Extract<EventBody, { kind: 'transactionPayload' }>): void {
    this.#payload.transactions += 1;
    this.#payload.bytes += body.payload.length;
    for (const inner of new PayloadReader(body, event).events(new RawEvent())) {
      this.#payload.inflatedBytes += inner.length;
      const innerBody = this.#tables.decode(inner);
      this.#refusals.event(inner, innerBody, this.#state);
      if (innerBody.kind === 'rows') this.#countRows(inner, innerBody);
    }
    this.#refusals.endPayload(event, body);
  }
}
