import { EventType, type Flavor, type RawEvent } from '../../../../binlog/index.ts';
import { EventJudge, EventSelection, gtidText, type ReplicateFilter } from '../../../../replication/index.ts';
import type { TransactionBuffer } from '../../../binary-log/index.ts';
import type { PrivilegeChecks } from '../../../streams.ts';
import { applierViolationError, ChannelError } from '../../channel-error.ts';
import type { ChannelConfiguration } from '../../configuration.ts';
import type { SourcePlace } from '../../source-place.ts';
import type { Delivery } from '../feeds/delivery.ts';
import type { FilteredEvents } from '../feeds/second-reading.ts';
import { primaryKeyCheck } from './primary-key-check.ts';
import { TablePrivileges } from './table-privileges.ts';

export interface EventChecksOptions {
  readonly configuration: ChannelConfiguration;
  readonly flavor: Flavor;
  readonly filter: ReplicateFilter;
  readonly privileges: PrivilegeChecks;
  readonly hasTarget: boolean;
  readonly delivery: Delivery;
  /** Where the source's log stands. */
  readonly place: SourcePlace;
  violated(error: ChannelError): void;
}

/**
 * What of a channel's events passes: REQUIRE_ROW_FORMAT stops at what may not, PRIVILEGE_CHECKS_USER and the primary key check at what the
 * account or the table forbids, and filters leave out the rest.
 */
export class EventChecks {
  readonly #delivery: Delivery;
  readonly #place: SourcePlace;
  readonly #violated: (error: ChannelError) => void;
  readonly #judge: EventJudge | undefined;
  readonly #selection: EventSelection | undefined;
  readonly #filter: ReplicateFilter | undefined;
  readonly #flavor: Flavor;
  #format: RawEvent | undefined;

  constructor(options: EventChecksOptions) {
    const { configuration, flavor, filter, privileges, hasTarget, delivery } = options;
    this.#delivery = delivery;
    this.#place = options.place;
    this.#violated = (error) => options.violated(error);
    const { requireRowFormat, privilegeChecksUser: user, requireTablePrimaryKeyCheck } = configuration;
    this.#judge = requireRowFormat ? new EventJudge(flavor) : undefined;
    const table = user === undefined ? undefined : new TablePrivileges(privileges, user);
    const keys = requireTablePrimaryKeyCheck === 'ON' ? primaryKeyCheck(flavor, hasTarget) : undefined;
    const rows = filter.isOn ? filter : undefined;
    this.#filter = rows;
    this.#flavor = flavor;
    const selects = rows !== undefined || table !== undefined || keys !== undefined;
    this.#selection = selects ? new EventSelection(rows, table, flavor, delivery.buffer, keys) : undefined;
  }

  setFormat(event: RawEvent): void {
    this.#judge?.check(event);
    this.#selection?.setFormat(event);
    if (this.#filter !== undefined) this.#format = event.keep();
  }

  /**
   * For who reads a transaction again that has passed: makes what takes its events into another buffer, as filters leave them. Nothing else
   * changes what it does not stop at.
   */
  filtering(): (buffer: TransactionBuffer) => FilteredEvents {
    const filter = this.#filter;
    const format = this.#format;
    if (filter === undefined)
      return (buffer) => ({ take: (event) => buffer.add(event), hasMore: false, takeMore: () => undefined });
    return (buffer) => {
      const selection = new EventSelection(filter, undefined, this.#flavor, buffer);
      if (format !== undefined) selection.setFormat(format);
      return selection;
    };
  }

  /** A transaction begins. */
  begin(): void {
    this.#selection?.begin();
  }

  /** Adds to the transaction under way what of it passes. @throws ChannelError */
  take(event: RawEvent): void {
    const delivery = this.#delivery;
    // Whoever has passed over a violation by its name goes on behind it: nothing of it comes in.
    if (delivery.isSkipped) return;
    const judgement = this.#judge?.check(event);
    if (judgement !== undefined) {
      const { file, position } = this.#place;
      const error = applierViolationError(judgement, { file, position, gtid: this.#named('') });
      this.#violated(error);
      throw error;
    }
    if (this.#selection === undefined) delivery.buffer.add(event);
    else this.#select(event, (selection) => selection.take(event));
  }

  /** Whether more of a compressed transaction is to be taken, once what has passed of it is written. */
  get hasMore(): boolean {
    return this.#selection?.hasMore === true;
  }

  /** Adds more of what passes of a compressed transaction. @throws ChannelError */
  takeMore(event: RawEvent): void {
    this.#select(event, (selection) => selection.takeMore());
  }

  /** What the channel's account may not do, in the words of a server's worker. */
  #select(event: RawEvent, take: (selection: EventSelection) => void): void {
    try {
      if (this.#selection !== undefined) take(this.#selection);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const { file, position } = this.#place;
      const what =
        event.type === EventType.QUERY_EVENT
          ? `Error '${error.message}' on query.`
          : `Error executing row event: '${error.message}'`;
      throw new ChannelError(
        error.errno,
        `Worker 1 failed executing transaction '${this.#named('ANONYMOUS')}' at source log ${file}, end_log_pos ${position}; ${what}`,
        { cause: error },
      );
    }
  }

  #named(anonymous: string): string {
    const { gtid } = this.#delivery;
    return gtid === undefined ? anonymous : gtidText(gtid);
  }
}
