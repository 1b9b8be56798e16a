import {
  decodeBody,
  demandBody,
  EventType,
  type Flavor,
  LogState,
  type RawEvent,
} from '../../../binlog/index.ts';
import { FormatError } from '../../../errors/index.ts';
import { EventJudge, gtidText, type SourceClient, type TransactionGtid } from '../../../replication/index.ts';
import { type ChannelError, violationError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import type { RelayLog } from '../relay-log.ts';
import { NO_TRANSACTION } from '../status.ts';
import { transactionTimes } from '../transaction-times.ts';
import { demandGtidMode } from './gtid-mode.ts';
import type { ReceiverProgress } from './receiver-progress.ts';
import { demandOwnFormat } from './source-format.ts';

const anyLog = new LogState();

/** What writing a relay log needs of the relay around it. */
export interface WriterSurroundings {
  readonly flavor: Flavor;
  /** The relay's: what has it comes back in a ring. */
  readonly serverId: number;
  /** OFF, OFF_PERMISSIVE, ON_PERMISSIVE, ON. */
  gtidMode(): string;
  readonly now: () => number;
  /** A transaction that no row-only channel lets through. */
  violated(error: ChannelError): void;
}

/**
 * Writes the transactions of one source into the relay log of a channel. Nothing that may not pass is written, not even for a moment:
 * every event is judged before it is kept.
 */
export class RelayLogWriter {
  readonly #settings: () => ChannelConfiguration;
  readonly #log: RelayLog;
  readonly #client: SourceClient;
  readonly #progress: ReceiverProgress;
  readonly #surroundings: WriterSurroundings;
  readonly #judge: EventJudge | undefined;
  /** Of the transaction under way. */
  #gtid: TransactionGtid | undefined;
  #isIgnored = false;

  constructor(
    settings: () => ChannelConfiguration,
    log: RelayLog,
    client: SourceClient,
    progress: ReceiverProgress,
    surroundings: WriterSurroundings,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#client = client;
    this.#progress = progress;
    this.#surroundings = surroundings;
    this.#judge = settings().requireRowFormat ? new EventJudge(surroundings.flavor) : undefined;
  }

  /**
   * Takes the client's next event.
   *
   * @throws ChannelError it may not pass, and nothing of its transaction stays
   * @throws FormatError it is cut off
   */
  take(event: RawEvent): void {
    try {
      this.#take(event);
    } catch (error) {
      throw error instanceof FormatError ? error.at({ file: this.#client.file }) : error;
    }
  }

  #take(event: RawEvent): void {
    const client = this.#client;
    this.#progress.bytes += event.length;
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT)
      demandOwnFormat(event, this.#surroundings.flavor, client.file);
    this.#check(event);
    const { place } = client;
    if (!client.inLog || place === 'outside') {
      this.#takeOutside(event);
      return;
    }
    if (place === 'begins' || place === 'alone') this.#begin(event);
    demandBody(event);
    if (!this.#isIgnored) this.#log.append(event);
    if (place === 'ends' || place === 'alone') this.#commit();
  }

  /** The link is a new one: the transaction under way comes again. */
  resume(): void {
    this.#log.rewind();
    this.#judge?.reset();
    this.#gtid = undefined;
    this.#isIgnored = false;
  }

  #check(event: RawEvent): void {
    const judgement = this.#judge?.check(event);
    if (judgement === undefined) return;
    this.#progress.violations += 1;
    this.#log.rewind();
    const { gtid, file } = this.#client;
    const place = { file, position: event.position, gtid: gtid === undefined ? '' : gtidText(gtid) };
    const error = violationError(this.#settings().channel, judgement, place);
    this.#surroundings.violated(error);
    throw error;
  }

  #takeOutside(event: RawEvent): void {
    const { file, inLog } = this.#client;
    const { type } = event;
    if (type === EventType.FORMAT_DESCRIPTION_EVENT) this.#log.setFormat(event, file, event.position);
    else if (type === EventType.ROTATE_EVENT && inLog) {
      const next = event.bytes.toString('utf8', event.bodyStart + 8, event.bodyEnd);
      this.#log.follow(event, next, 4);
    }
  }

  #begin(event: RawEvent): void {
    const { gtid, file } = this.#client;
    const { flavor, now } = this.#surroundings;
    this.#log.rewind();
    if (gtid?.flavor === 'mysql') decodeBody(event, anyLog);
    this.#gtid = gtid;
    if (flavor === 'mysql')
      demandGtidMode(this.#surroundings.gtidMode(), gtid, this.#settings(), file, event.position);
    this.#isIgnored = this.#leavesOut(event, gtid);
    this.#progress.queueing = transactionTimes(event, now);
  }

  #commit(): void {
    const client = this.#client;
    const { file, position, ackWanted } = client;
    const progress = this.#progress;
    const times = progress.queueing;
    this.#log.commit({
      gtid: this.#isIgnored ? undefined : this.#gtid,
      file,
      position,
      done: () => {
        progress.queued(times);
        if (ackWanted) client.acknowledge(file, position);
      },
    });
    progress.queueing = NO_TRANSACTION;
  }

  /** What a channel leaves out: its own transactions come back in a ring, others because it was told so. */
  #leavesOut({ serverId }: RawEvent, gtid: TransactionGtid | undefined): boolean {
    const { ignoreServerIds, doDomainIds, ignoreDomainIds } = this.#settings();
    if (serverId === this.#surroundings.serverId || ignoreServerIds.includes(serverId)) return true;
    if (gtid?.flavor !== 'mariadb') return false;
    if (doDomainIds.length > 0) return !doDomainIds.includes(gtid.domainId);
    return ignoreDomainIds.includes(gtid.domainId);
  }
}
