import { statSync } from 'node:fs';
import {
  decodeBody,
  EventType,
  type Flavor,
  isMariadbVersion,
  LogState,
  RawEvent,
  TransactionTracker,
  verifyChecksum,
} from '../../../../binlog/index.ts';
import { FormatError } from '../../../../errors/index.ts';
import { MysqlGtidSet } from '../../../../gtid/index.ts';
import { ExecutedGtids, stateOfGtidList, transactionGtid } from '../../../../replication/index.ts';
import { fileSource, LogReader } from '../../../../store/index.ts';
import { nextFile } from '../rotation.ts';
import { type ArchiveFolder, sourceName } from './archive-folder.ts';

/** Where an archive ends: everything before is whole transactions, verified. */
export interface LastPlace {
  /** Files at the end that hold no transaction yet: they are begun anew. */
  readonly dropped: readonly string[];
  readonly name: string;
  /** Bytes of the file to keep. */
  readonly size: number;
  /** What lies behind them, and why it goes. */
  readonly torn: { readonly bytes: number; readonly why: string } | undefined;
  /** Whether the file ends as the source ended it: with a rotate to the next. */
  readonly complete: boolean;
  /** Where the source goes on. */
  readonly file: string;
  readonly position: number;
  /** Everything in the archive and before it; empty: nothing was written yet. Undefined: not known, or the transactions have none. */
  readonly gtids: string | undefined;
  readonly serverId: number;
  /** Seconds: when the source began the file that goes on. */
  readonly made: number | undefined;
}

/** What one file tells. */
interface Scan {
  /** Behind the last whole transaction; 0: there is not even a head. */
  readonly size: number;
  readonly fault: string | undefined;
  readonly position: number;
  readonly next: string | undefined;
  readonly serverId: number;
  readonly made: number;
  readonly transactions: number;
  /** Whether the source's head of the file is there, not one made for a dump from its middle. */
  readonly hasHead: boolean;
  /** Whether it begins with a transaction that is not the first of the source's file. */
  readonly beginsLate: boolean;
  /** Whether the event is there that says what came before the file. */
  readonly saysBefore: boolean;
}

/** GTIDs are remembered over several files: what a new server's first file leaves out is in the ones before. */
interface Memory {
  executed: ExecutedGtids | undefined;
  anonymous: boolean;
}

const anyLog = new LogState();
const LOG_START = 4;
const HEADER_RANGE = 2 ** 32;

/**
 * Reads the end of an archive; undefined where nothing in it counts. Nothing is changed. `begunByGtid`: the first file does not begin at
 * the start of the source's.
 */
export function findLastPlace(folder: ArchiveFolder, begunByGtid = false): LastPlace | undefined {
  const names = [...folder.names];
  const dropped: string[] = [];
  for (let name = names.at(-1); name !== undefined; name = names.at(-1)) {
    const { transactions, next, hasHead, serverId, saysBefore } = scan(folder.pathOf(name), noMemory());
    const previous = names.at(-2);
    // By GTID, a file's head says nothing of where in it the stream begins.
    const isByGtid =
      previous === undefined
        ? begunByGtid
        : scan(folder.pathOf(previous), noMemory(), true).serverId !== serverId;
    // The first file alone, without what came before it, is no place to go on at on another server; and it holds nothing.
    const isKnown = saysBefore || previous !== undefined;
    if (transactions > 0 || next !== undefined || (hasHead && isKnown && !isByGtid)) {
      return placeAt(folder, names, dropped);
    }
    dropped.unshift(name);
    names.pop();
  }
  return undefined;
}

function placeAt(folder: ArchiveFolder, names: readonly string[], dropped: readonly string[]): LastPlace {
  const name = names.at(-1)!;
  const memory = noMemory();
  const first = firstToRead(folder, names);
  for (const earlier of names.slice(first, -1)) scan(folder.pathOf(earlier), memory);
  const { size, fault, position, next, serverId, made } = scan(folder.pathOf(name), memory);
  const bytes = statSync(folder.pathOf(name)).size - size;
  const gtids = memory.anonymous || first === undefined ? undefined : memory.executed?.text();
  return {
    dropped,
    name,
    size,
    torn: bytes === 0 ? undefined : { bytes, why: fault ?? 'its last transaction is not complete' },
    complete: next !== undefined,
    file: next ?? sourceName(name),
    position: next === undefined ? position : LOG_START,
    gtids,
    serverId,
    made: next === undefined ? made : undefined,
  };
}

/**
 * From which file on GTIDs are to be read: the last whose head says what came before it. The first file of another server does not:
 * it was begun in the middle. Undefined: none does.
 */
function firstToRead(folder: ArchiveFolder, names: readonly string[]): number | undefined {
  const heads = new Map<number, Scan>();
  const head = (index: number): Scan => {
    const known = heads.get(index) ?? scan(folder.pathOf(names[index]!), noMemory(), true);
    heads.set(index, known);
    return known;
  };
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const isSameServer = index === 0 || head(index - 1).serverId === head(index).serverId;
    if (isSameServer && !head(index).beginsLate) return index;
  }
  return undefined;
}

function noMemory(): Memory {
  return { executed: undefined, anonymous: false };
}

/** Reads a file as far as it is whole, or its head only. */
function scan(path: string, memory: Memory, headOnly = false): Scan {
  const reader = new LogReader(fileSource(path));
  const walk = new Walk(memory);
  const event = new RawEvent();
  let fault: string | undefined;
  try {
    reader.open();
    while (reader.next(event)) {
      verifyChecksum(event);
      walk.step(event);
      if (headOnly && walk.begun > 0) break;
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    fault = error.message;
  } finally {
    reader.close();
  }
  const { size, position, next, serverId, made, ended: transactions, hasHead, beginsLate, saysBefore } = walk;
  return { size, fault, position, next, serverId, made, transactions, hasHead, beginsLate, saysBefore };
}

/** The way through one file. */
class Walk {
  size = 0;
  position = LOG_START;
  next: string | undefined;
  serverId = 0;
  made = 0;
  begun = 0;
  ended = 0;
  hasHead = false;
  beginsLate = false;
  saysBefore = false;
  readonly #memory: Memory;
  readonly #tracker = new TransactionTracker();
  #flavor: Flavor | undefined;
  #gtid: ReturnType<typeof transactionGtid>;
  /** On the source: behind the event. */
  #reached = LOG_START;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  step(event: RawEvent): void {
    const place = this.#tracker.place(event);
    const jumped = this.#advance(event);
    if (place === 'outside') this.#learn(event);
    if (place === 'begins' || place === 'alone') {
      if (jumped && this.begun === 0) this.beginsLate = true;
      this.begun += 1;
      this.#gtid = transactionGtid(event);
      if (event.type === EventType.ANONYMOUS_GTID_LOG_EVENT) this.#memory.anonymous = true;
    }
    if (place === 'ends' || place === 'alone') {
      this.ended += 1;
      if (this.#gtid !== undefined) this.#memory.executed?.add(this.#gtid);
    }
    if (place === 'begins' || place === 'inside') return;
    this.size = event.position + event.length;
    this.position = this.#reached;
    if (event.type === EventType.ROTATE_EVENT) this.next = nextFile(event);
  }

  /** Follows the source's position; true where it is not the one that was expected. */
  #advance({ logPos, length, type }: RawEvent): boolean {
    const expected = this.#reached + length;
    // An artificial description stands nowhere; MariaDB's events inside transactions say nothing.
    if (logPos === 0) {
      if (type !== EventType.FORMAT_DESCRIPTION_EVENT) this.#reached = expected;
      return false;
    }
    const ahead = (logPos - this.#reached) % HEADER_RANGE;
    this.#reached += ahead < 0 ? ahead + HEADER_RANGE : ahead;
    return this.#reached !== expected;
  }

  /** The head of a file says whose it is, and what came before. */
  #learn(event: RawEvent): void {
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) {
      this.serverId = event.serverId;
      this.made = event.timestamp;
      this.hasHead = event.logPos !== 0;
      const version = event.bytes.toString('latin1', event.bodyStart + 2, event.bodyStart + 52);
      this.#flavor = isMariadbVersion(version) ? 'mariadb' : 'mysql';
      return;
    }
    if (this.#flavor === undefined) {
      throw new FormatError(`${event.name} where a format description was expected`);
    }
    if (event.type !== EventType.PREVIOUS_GTIDS_LOG_EVENT && event.type !== EventType.GTID_LIST_EVENT) return;
    this.saysBefore = true;
    const body = decodeBody(event, anyLog);
    if (body.kind === 'previousGtids' && this.#flavor === 'mysql') {
      const set = MysqlGtidSet.fromBytes(body.set).format(',');
      this.#memory.executed ??= new ExecutedGtids('mysql', set);
    } else if (body.kind === 'gtidList' && this.#flavor === 'mariadb') {
      const gtids = body.gtids.map((entry) => ({ ...entry, seqNo: entry.sequence }));
      this.#memory.executed ??= new ExecutedGtids('mariadb', stateOfGtidList(gtids));
    }
  }
}
