import {
  decodeBody,
  EventFlag,
  EventType,
  type Flavor,
  LogState,
  type RawEvent,
  type TransactionPlace,
  TransactionTracker,
} from '../binlog/index.ts';
import { GNO_END, MysqlGtidSet } from '../gtid/index.ts';
import { DumpProgress } from './dump-progress.ts';
import { endsBefore, FileHead, nextFile, outOfStep, refuseOfFile } from './file-head.ts';
import { heartbeatPlace } from './heartbeat.ts';
import { ExecutedGtids, type GtidMark, stateOfGtidList } from './position/executed-gtids.ts';
import type { Begin } from './position/find-begin.ts';
import { LogPosition } from './position/log-position.ts';
import { type TransactionGtid, transactionGtid } from './position/transaction-gtid.ts';

/** The last place between two transactions: everything before it was received whole. */
export interface Boundary {
  readonly file: string;
  readonly position: number;
  /** Undefined: the GTIDs before this place are not known, or the source has none. */
  readonly gtids: GtidMark | undefined;
}

/** What becomes of a received event: `log`, it stands in the source's log; `stream`, it only belongs to the dump; `nothing`: drop it. */
export type Reception = 'log' | 'stream' | 'nothing';

const anyLog = new LogState();
const MAX_HEADER_POSITION = 0xffff_ffff;

/**
 * What has been received of a source, over all of its dumps: where the stream is, where its transactions end and which of them were
 * seen whole. Fed with every event of a dump, it says what each one is, and refuses what cannot follow.
 */
export class ReceivedLog {
  readonly #position = new LogPosition();
  readonly #tracker = new TransactionTracker();
  #flavor: Flavor = 'mysql';
  #hasGtids = false;
  #byGtid = false;
  #executed: ExecutedGtids | undefined;
  #gtid: TransactionGtid | undefined;
  #boundary: Boundary | undefined;
  /** The boundary that the transaction of the last event began at. */
  #opening: Boundary | undefined;
  /** Events of the first file before this position came in an earlier dump; 0: they are behind. */
  #passOver = 0;
  /** By GTID, a dump begins before what it passes over: until that is behind, file and position are no place to begin at. */
  #settled = true;
  readonly #head = new FileHead();
  place: TransactionPlace = 'outside';
  readonly progress: DumpProgress = new DumpProgress();

  get file(): string {
    return this.#position.file;
  }

  /** End of the last event. */
  get position(): number {
    return this.#position.position;
  }

  /** The transaction of the last event. */
  get gtid(): TransactionGtid | undefined {
    return this.#gtid;
  }

  /** Undefined until something was received. */
  get boundary(): Boundary | undefined {
    return this.#boundary;
  }

  /** Where the transaction of the last event begins. */
  get opening(): Boundary | undefined {
    return this.#opening;
  }

  /** A dump begins. What was received of an unfinished transaction is forgotten: it comes again. */
  begin(begin: Begin, flavor: Flavor, hasGtids: boolean, isSameServer: boolean): void {
    const { gtids } = begin;
    this.#flavor = flavor;
    this.#hasGtids = hasGtids;
    this.#byGtid = begin.by === 'gtid';
    this.#settled = !this.#byGtid;
    this.#head.begin(begin.by === 'position' && begin.file !== '' ? begin.file : undefined, isSameServer);
    this.#tracker.reset();
    this.#gtid = undefined;
    this.#executed = gtids === undefined || !hasGtids ? undefined : new ExecutedGtids(flavor, gtids);
    this.#position.gaps = this.#byGtid ? 'between' : flavor === 'mariadb' ? 'forward' : 'exact';
    this.#passOver = begin.by === 'position' && begin.position > MAX_HEADER_POSITION ? begin.position : 0;
    if (begin.by === 'position') {
      const { file, position } = begin;
      this.#position.begin(file, position);
      this.#boundary = { file, position, gtids: this.#executed?.mark() };
    } else {
      this.#position.begin('', 4);
      this.#boundary = { file: '', position: 4, gtids: this.#executed?.mark() };
    }
  }

  /**
   * Takes the next event of the dump. Sets its position.
   *
   * @throws ReplicationError where it cannot follow what came before
   */
  receive(event: RawEvent): Reception {
    const heartbeat = heartbeatPlace(event);
    if (heartbeat !== undefined) {
      const before = this.#position.position;
      this.#position.heartbeat(heartbeat.file, heartbeat.position, heartbeat.isWhole);
      // One that covers what was passed over comes with every new dump.
      if (this.#position.position === before) this.progress.signs += 1;
      // An idle source has sent all it has.
      this.checkReached();
      this.#settled = true;
      this.#reachBoundary(this.#position.file, this.#position.position);
      return 'nothing';
    }
    event.position = this.#position.position;
    const isOfStream = this.#isOfStream(event);
    if (!this.#tracker.isBetween) refuseOfFile(event, isOfStream, this.file);
    if (isOfStream) {
      this.#receiveOfStream(event);
      event.position = this.#position.position;
      return 'stream';
    }
    const { file } = this.#position;
    const isFormat = event.type === EventType.FORMAT_DESCRIPTION_EVENT;
    if (isFormat) this.#head.format(event, !this.#byGtid);
    else this.#head.check(event);
    event.position = this.#position.pass(event, this.#tracker.isBetween);
    const { place, gtid } = this.#follow(event);
    if (this.#position.position <= this.#passOver) {
      this.place = 'outside';
      return isFormat ? 'stream' : 'nothing';
    }
    this.#passOver = 0;
    this.place = place;
    this.progress.note(place);
    if (place === 'begins' || place === 'alone') {
      this.#settled = true;
      this.#opening = this.#startOf(event);
      this.#checkGtid(event, gtid);
    }
    if (place === 'ends' || place === 'alone') {
      if (this.#gtid !== undefined) this.#executed?.add(this.#gtid);
      this.#reachBoundary(file, this.#position.position);
    } else if (place === 'outside') {
      this.#gtid = undefined;
      this.#learn(event);
      if (event.type === EventType.STOP_EVENT) this.#head.end(undefined);
      if (event.type === EventType.ROTATE_EVENT) {
        const [next, position] = nextFile(event);
        this.#head.end(next);
        this.#reachBoundary(next, position);
      } else this.#reachBoundary(file, this.#position.position);
    }
    return 'log';
  }

  /**
   * The source has no more of the log that the dump began in.
   *
   * @throws ReplicationError where that is less than what was passed over
   */
  checkReached(): void {
    if (this.position < this.#passOver) throw endsBefore(this.#passOver, this.#position);
    this.#passOver = 0;
  }

  /** Where the event stands, and in which transaction. */
  #follow(event: RawEvent): { place: TransactionPlace; gtid: TransactionGtid | undefined } {
    const place = this.#tracker.place(event);
    if (place === 'begins' || place === 'alone') this.#gtid = transactionGtid(event);
    return { place, gtid: this.#gtid };
  }

  /** What the source made for this dump: it is in no log. */
  #isOfStream(event: RawEvent): boolean {
    const { type } = event;
    // Old servers do not set the flag in their rotates.
    if (event.hasFlag(EventFlag.ARTIFICIAL)) return true;
    if (type === EventType.ROTATE_EVENT) return event.timestamp === 0;
    // The head of a log is sent again for a dump that begins in its middle, with the position 0, or with the one that it has in the
    // file. Other events may have no position too: MariaDB's, inside transactions.
    const isHead = type === EventType.FORMAT_DESCRIPTION_EVENT || type === EventType.START_ENCRYPTION_EVENT;
    return isHead && !this.#position.continues(event);
  }

  #receiveOfStream(event: RawEvent): void {
    this.place = 'outside';
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) this.#head.format(event, !this.#byGtid);
    else if (event.type === EventType.GTID_LIST_EVENT) {
      // MariaDB: the end of what was passed over.
      this.#position.moveTo(event.logPos);
      this.#settled = true;
      this.#reachBoundary(this.#position.file, this.#position.position);
    } else if (event.type === EventType.ROTATE_EVENT) {
      const [file, position] = this.#head.rotate(event, this.file);
      if (file !== this.file) this.checkReached();
      // What a crashed source left open at the end of its file never happened.
      this.#tracker.reset();
      this.#gtid = undefined;
      this.#position.begin(file, position);
      this.#reachBoundary(file, Math.max(position, this.#passOver));
    }
  }

  #reachBoundary(file: string, position: number): void {
    if (!this.#tracker.isBetween || !this.#settled) return;
    this.#boundary = { file, position, gtids: this.#executed?.mark() };
  }

  #startOf({ position }: RawEvent): Boundary {
    return { file: this.file, position, gtids: this.#executed?.mark() };
  }

  /** By GTID, every transaction has one, and none comes twice. */
  #checkGtid(event: RawEvent, gtid: TransactionGtid | undefined): void {
    if (gtid?.flavor === 'mysql' && (gtid.gno < 1n || gtid.gno >= GNO_END))
      throw outOfStep(`a transaction with the number ${gtid.gno}`, this.file, event);
    if (!this.#byGtid) {
      // Written before GTIDs were switched on: a GTID set says nothing of it. The next file tells anew.
      if (gtid === undefined) this.#executed = undefined;
    } else if (gtid === undefined) {
      if (event.type !== EventType.INCIDENT_EVENT)
        throw outOfStep('a transaction without its GTID', this.file, event);
    } else if (this.#executed?.has(gtid) === true) {
      throw outOfStep('a transaction again that was received whole', this.file, event);
    }
  }

  /** The head of a log tells what came before it. */
  #learn(event: RawEvent): void {
    if (this.#executed !== undefined || !this.#hasGtids) return;
    if (event.type === EventType.PREVIOUS_GTIDS_LOG_EVENT) {
      const body = decodeBody(event, anyLog);
      if (body.kind !== 'previousGtids') return;
      this.#executed = new ExecutedGtids('mysql', MysqlGtidSet.fromBytes(body.set).format(','));
    } else if (event.type === EventType.GTID_LIST_EVENT && this.#flavor === 'mariadb') {
      const body = decodeBody(event, anyLog);
      if (body.kind !== 'gtidList') return;
      const gtids = body.gtids.map((gtid) => ({ ...gtid, seqNo: gtid.sequence }));
      this.#executed = new ExecutedGtids('mariadb', stateOfGtidList(gtids));
    }
  }
}
