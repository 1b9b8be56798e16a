import {
  checksumMatches,
  decodeBody,
  type EventBody,
  EventFlag,
  EventType,
  eventTypeName,
  LogState,
  MariadbGtidFlag,
  PayloadReader,
  RawEvent,
  RowReader,
  type TableMap,
} from '../binlog/index.ts';
import { FormatError } from '../errors/index.ts';
import { type Refusal, RowFormatCheck } from '../guard/index.ts';
import { GtidCoverage } from './gtid-coverage.ts';
import type { FileInspection, Inspection, LargeTransaction, RefusedInspection } from './inspection.ts';
import { RowCounts } from './row-counts.ts';
import { TransactionSizes } from './transaction-sizes.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const SHOWN = 10;
const SHOWN_STATEMENT_BYTES = 80;

/**
 * Gathers what is in logs. Feed it every event: {@link startFile}, {@link event}…, {@link endFile}, and {@link inspection} at the end.
 * Memory is bounded by the number of tables and GTID intervals, not by the length of the logs.
 */
export class Inspector {
  readonly #files: Mutable<FileInspection>[] = [];
  readonly #events = new Map<number, { events: number; bytes: number }>();
  readonly #sizes = new TransactionSizes();
  readonly #rows = new RowCounts();
  readonly #gtids = new GtidCoverage();
  #state = new LogState();
  #check = new RowFormatCheck();
  #transaction: Mutable<LargeTransaction> | undefined;
  /** BEGIN was seen, or a MariaDB GTID that stands for it. */
  #inBlock = false;
  #payload = { transactions: 0, bytes: 0, inflatedBytes: 0 };
  #checksums = { verified: 0, without: 0, badCount: 0, bad: [] as Inspection['checksums']['bad'][number][] };
  readonly #reasons = new Map<string, { reason: string; sentence: string; count: number }>();
  readonly #firstRefused: RefusedInspection['first'][number][] = [];
  #refusedCount = 0;

  startFile(name: string): void {
    this.#state = new LogState();
    this.#check = new RowFormatCheck();
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
    this.#countType(event);
    this.#verify(event);
    if (event.timestamp > 0 && !event.hasFlag(EventFlag.ARTIFICIAL)) {
      file.from = Math.min(file.from ?? event.timestamp, event.timestamp);
      file.to = Math.max(file.to ?? event.timestamp, event.timestamp);
    }
    try {
      this.#body(event, decodeBody(event, this.#state));
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
      eventTypes: [...this.#events]
        .map(([type, counted]) => ({ type: eventTypeName(type), ...counted }))
        .sort((a, b) => b.bytes - a.bytes),
      transactions: this.#sizes.summary(this.#transaction === undefined ? 0 : 1),
      tables: this.#rows.summary(),
      gtids: this.#gtids.summary(),
      compression: this.#payload.transactions === 0 ? undefined : this.#payload,
      checksums: this.#checksums,
      refused: {
        count: this.#refusedCount,
        reasons: [...this.#reasons.values()].sort((a, b) => b.count - a.count),
        first: this.#firstRefused,
      },
    };
  }

  get #file(): Mutable<FileInspection> {
    return this.#files.at(-1)!;
  }

  #countType(event: RawEvent): void {
    const counted = this.#events.get(event.type);
    if (counted === undefined) this.#events.set(event.type, { events: 1, bytes: event.length });
    else {
      counted.events += 1;
      counted.bytes += event.length;
    }
  }

  #verify(event: RawEvent): void {
    if (!event.hasChecksum) {
      this.#checksums.without += 1;
    } else if (checksumMatches(event)) {
      this.#checksums.verified += 1;
    } else {
      this.#checksums.badCount += 1;
      const { bad } = this.#checksums;
      if (bad.length < SHOWN)
        bad.push({ file: this.#file.name, position: event.position, event: event.name });
    }
  }

  #refuse(event: RawEvent, body: EventBody): void {
    this.#noteRefusal(this.#check.check(event, body, this.#state), event, body);
  }

  #noteRefusal(refusal: Refusal | undefined, event: RawEvent, body: EventBody): void {
    if (refusal === undefined) return;
    const { violation: reason, sentence } = refusal;
    this.#refusedCount += 1;
    const known = this.#reasons.get(reason);
    if (known === undefined) this.#reasons.set(reason, { reason, sentence, count: 1 });
    else known.count += 1;
    if (this.#firstRefused.length >= SHOWN) return;
    const statement =
      'statement' in body ? body.statement.subarray(0, SHOWN_STATEMENT_BYTES).toString('utf8') : undefined;
    this.#firstRefused.push({
      file: this.#file.name,
      position: event.position,
      event: event.name,
      reason,
      statement,
    });
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
    this.#inBlock = false;
  }

  #body(event: RawEvent, body: EventBody): void {
    this.#refuse(event, body);
    const state = this.#state;
    const file = this.#file;
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
      case 'gtid':
        if (event.type === EventType.GTID_LOG_EVENT) {
          this.#begin(event, this.#gtids.addMysql(body.uuid, '', body.gno));
        } else {
          this.#gtids.addAnonymous();
          this.#begin(event, undefined);
        }
        break;
      case 'gtidTagged':
        this.#begin(event, this.#gtids.addMysql(body.uuid, body.tag, body.gno));
        break;
      case 'mariadbGtid':
        this.#begin(event, this.#gtids.addMariadb(body.domainId, event.serverId, body.sequence));
        this.#inBlock = (body.flags & MariadbGtidFlag.STANDALONE) === 0;
        break;
      case 'query':
        if (this.#transaction === undefined) this.#begin(event, undefined);
        break;
      case 'tableMap':
        state.tables.set(body.tableId, body);
        break;
      case 'rows':
        this.#countRows(event, body, state.tables.get(body.tableId));
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
    if (this.#endsTransaction(body)) this.#end();
  }

  /** Whether a transaction ends with this event: a commit, or a statement that stands alone, as definitions do. */
  #endsTransaction(body: EventBody): boolean {
    if (body.kind === 'xid' || body.kind === 'xaPrepare' || body.kind === 'transactionPayload') return true;
    if (body.kind !== 'query') return false;
    const keywords = body.statement.toString('latin1', 0, LONGEST_KEYWORDS);
    if (begins.test(keywords)) {
      this.#inBlock = true;
      return false;
    }
    return !this.#inBlock || ends.test(keywords);
  }

  #countRows(event: RawEvent, body: Extract<EventBody, { kind: 'rows' }>, table: TableMap | undefined): void {
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
    const reader = new PayloadReader(body, event);
    const inner = new RawEvent();
    while (reader.next(inner)) {
      this.#payload.inflatedBytes += inner.length;
      const innerBody = decodeBody(inner, this.#state);
      this.#refuse(inner, innerBody);
      if (innerBody.kind === 'tableMap') this.#state.tables.set(innerBody.tableId, innerBody);
      if (innerBody.kind === 'rows')
        this.#countRows(inner, innerBody, this.#state.tables.get(innerBody.tableId));
    }
    this.#noteRefusal(this.#check.endPayload(), event, body);
  }
}

/** A statement that opens a transaction: what follows belongs to it until it is ended. */
const begins = /^\s*(begin|start\s+transaction|xa\s+start)\b/i;
const ends = /^\s*(commit|rollback(?!\s+to)|xa\s+(commit|rollback))\b/i;
const LONGEST_KEYWORDS = 32;
