import { EventType, type Flavor, RawEvent, TransactionTracker } from '../../binlog/index.ts';
import type { Session } from '../../connection/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { LogFollower } from '../../store/index.ts';
import { dumpError } from './dump-error.ts';
import type { DumpStart } from './find-start.ts';
import type { GroupFilter } from './group-filter.ts';
import type { Landmark, MariadbProgress } from './mariadb-progress.ts';
import { dumpFormat, type StreamEvents } from './stream-events.ts';

/** How one dump is served. */
export interface DumpWishes {
  readonly flavor: Flavor;
  readonly nonBlocking: boolean;
  readonly semiSync: boolean;
  readonly heartbeatMs: number;
  readonly heartbeatV2: boolean;
  /** MariaDB: Annotate_rows wanted. */
  readonly annotations: boolean;
  /** Whether the replica said that it understands checksums. */
  readonly knowsChecksums: boolean;
  /** Told when all has been sent, and when there is more again. */
  readonly waits?: ((isWaiting: boolean) => void) | undefined;
}

/**
 * Sends a log to one replica, from its first event to the last durable one and whatever comes after. It reads no faster than the replica
 * takes.
 */
export class DumpStream {
  readonly #session: Session;
  readonly #follower: LogFollower;
  readonly #start: DumpStart;
  readonly #filter: GroupFilter;
  readonly #make: StreamEvents;
  readonly #wishes: DumpWishes;
  readonly #signal: AbortSignal;
  readonly #tracker = new TransactionTracker();
  /** End of the transactions passed over since the last event was sent; 0: none. */
  #passedOver = 0;
  #progress: MariadbProgress | undefined;
  /** The replica has all that it asked for. */
  #finished = false;
  #lastSentAt = Date.now();
  /** Where the dump is, for errors and for SHOW PROCESSLIST. */
  eventPosition = 4;
  bytesSent = 0;

  constructor(
    session: Session,
    follower: LogFollower,
    start: DumpStart,
    make: StreamEvents,
    wishes: DumpWishes,
    signal: AbortSignal,
  ) {
    this.#session = session;
    this.#follower = follower;
    this.#start = start;
    this.#filter = start.filter;
    this.#progress = start.progress?.isOver === false ? start.progress : undefined;
    this.#make = make;
    this.#wishes = wishes;
    this.#signal = signal;
  }

  get file(): string {
    return this.#follower.fileName;
  }

  get position(): number {
    return this.#follower.position;
  }

  async run(): Promise<void> {
    const { position } = this.#start.place;
    this.#session.beginDump(this.#wishes.semiSync);
    await this.#head(position);
    const landmark = this.#progress?.begin();
    if (landmark !== undefined) await this.#tell(landmark, position);
    await this.#session.flushEvents();
    const follower = this.#follower;
    while (!this.#signal.aborted) {
      if (!this.#finished) await this.#sendWhatIsHere();
      if (this.#signal.aborted) return;
      if (this.#finished) return this.finish();
      if (!follower.atEnd) {
        await follower.load();
        continue;
      }
      if (await follower.advance()) {
        this.#tracker.reset();
        this.#progress?.startFile();
        await this.#head(4);
        continue;
      }
      await this.#coverPassedOver();
      if (this.#wishes.nonBlocking) return this.finish();
      await this.#session.flushEvents();
      this.#wishes.waits?.(true);
      const isMore = await follower.wait(this.#signal, this.#untilHeartbeat());
      this.#wishes.waits?.(false);
      if (!isMore) await this.#beat();
    }
  }

  /** Says that nothing more comes. */
  async finish(): Promise<void> {
    await this.#session.flushEvents();
    await this.#session.endDump();
  }

  /** Says which file follows, and how it is to be read. */
  async #head(position: number): Promise<void> {
    const follower = this.#follower;
    await this.#send(this.#make.fakeRotate(follower.fileName, position));
    this.#filter.startFile();
    follower.seek(4);
    const event = new RawEvent();
    while (!follower.next(event)) {
      if (follower.atEnd) return;
      await follower.load();
    }
    if (event.type !== EventType.FORMAT_DESCRIPTION_EVENT) {
      throw new FormatError('a log that does not begin with a format description');
    }
    if (follower.checksums && !this.#wishes.knowsChecksums) {
      await this.#session.flushEvents();
      throw dumpError('checksum', this.#wishes.flavor, this.places());
    }
    this.#make.likeFile(follower.checksums);
    const fromMiddle = position > 4;
    await this.#send(dumpFormat(event, fromMiddle, fromMiddle || this.#start.byGtid));
    if (fromMiddle) follower.seek(position);
  }

  places(): {
    firstFile: string;
    firstPosition: number;
    file: string;
    eventPosition: number;
    readPosition: number;
  } {
    const { fileName, position } = this.#follower;
    return {
      firstFile: fileName,
      firstPosition: this.#start.place.position,
      // MySQL shows the name as its index has it.
      file: this.#wishes.flavor === 'mysql' ? `./${fileName}` : fileName,
      eventPosition: this.eventPosition,
      readPosition: position,
    };
  }

  async #sendWhatIsHere(): Promise<void> {
    const follower = this.#follower;
    const filter = this.#filter;
    const session = this.#session;
    const skipsNotes = this.#wishes.flavor === 'mariadb' && !this.#wishes.annotations;
    const { semiSync } = this.#wishes;
    const event = new RawEvent();
    while (follower.next(event)) {
      this.eventPosition = event.position;
      if (filter.skips(event)) {
        this.#passedOver = event.position + event.length;
        if (this.#untilHeartbeat() === 1) await this.#coverPassedOver();
        if (this.#progress !== undefined && (await this.#proceed(event))) return;
        continue;
      }
      if (skipsNotes && event.type === EventType.ANNOTATE_ROWS_EVENT) continue;
      if (this.#passedOver > 0) await this.#coverPassedOver();
      // Asked for where nothing more is here: the replica answers once for everything before.
      const ends = semiSync && isEnd(this.#tracker.place(event)) && follower.atEnd;
      this.bytesSent += event.length;
      const full = session.event(event.bytes, event.start, event.end, ends);
      if (full !== undefined) {
        await full;
        this.#lastSentAt = Date.now();
        if (this.#signal.aborted) return;
      }
      if (this.#progress !== undefined && (await this.#proceed(event))) return;
    }
    this.#lastSentAt = Date.now();
  }

  /** Tells a MariaDB replica where it is. True: it has all that it asked for. */
  async #proceed(event: RawEvent): Promise<boolean> {
    const progress = this.#progress!;
    const end = event.position + event.length;
    for (const landmark of progress.visit(event)) await this.#tell(landmark, end);
    if (progress.isOver) this.#progress = undefined;
    return this.#finished;
  }

  async #tell({ gtids, flags, isLast }: Landmark, position: number): Promise<void> {
    await this.#send(this.#make.gtidList(gtids, position, flags));
    this.#finished ||= isLast;
  }

  async #coverPassedOver(): Promise<void> {
    if (this.#passedOver === 0) return;
    const position = this.#passedOver;
    this.#passedOver = 0;
    if (this.#wishes.flavor === 'mariadb') return;
    await this.#send(this.#make.heartbeat(this.#follower.fileName, position, this.#wishes.heartbeatV2));
  }

  async #beat(): Promise<void> {
    if (this.#signal.aborted) return;
    const { fileName, position } = this.#follower;
    await this.#send(this.#make.heartbeat(fileName, position, this.#wishes.heartbeatV2));
    await this.#session.flushEvents();
  }

  /** Milliseconds until the replica wants to hear something; 0: it never does. */
  #untilHeartbeat(): number {
    const { heartbeatMs } = this.#wishes;
    return heartbeatMs <= 0 ? 0 : Math.max(1, heartbeatMs - (Date.now() - this.#lastSentAt));
  }

  async #send(bytes: Buffer): Promise<void> {
    this.bytesSent += bytes.length;
    await this.#session.event(bytes);
    this.#lastSentAt = Date.now();
  }
}

function isEnd(place: string): boolean {
  return place === 'ends' || place === 'alone';
}
